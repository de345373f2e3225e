// The canonical ABI by hand: strings and lists arrive as pointer and length in memory that cabi_realloc gave, and
// results leave through a pointer.
package main

import "unsafe"

// What the component has been given and what it gave away, so that the collector leaves it alone.
var kept = map[unsafe.Pointer][]byte{}

//go:wasmexport cabi_realloc
func realloc(old unsafe.Pointer, oldSize, align, size uint32) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(uintptr(align))
	}
	block := make([]byte, size+8)
	at := unsafe.Pointer((uintptr(unsafe.Pointer(&block[0])) + 7) &^ 7)
	copy(unsafe.Slice((*byte)(at), size), kept[old])
	delete(kept, old)
	kept[at] = block
	return at
}

func release() { clear(kept) }

// As they lie in memory: Go's own pointers take eight bytes there, the canonical ABI's take four.
type text struct{ ptr, len uint32 }
type list struct{ ptr, len uint32 }

func address(p unsafe.Pointer) uint32 { return uint32(uintptr(p)) }

func give(s string) text {
	at := realloc(nil, 0, 1, uint32(len(s)))
	copy(unsafe.Slice((*byte)(at), len(s)), s)
	return text{address(at), uint32(len(s))}
}

func alloc[T any](count uint32) *T {
	var zero T
	return (*T)(realloc(nil, 0, uint32(unsafe.Alignof(zero)), count*uint32(unsafe.Sizeof(zero))))
}

//go:wasmexport test:lang/greet@1.0.0#hello
func hello(ptr *byte, len uint32) unsafe.Pointer {
	ret := alloc[text](1)
	*ret = give("Hello, " + unsafe.String(ptr, len) + "!")
	return unsafe.Pointer(ret)
}

type person struct {
	name text
	age  uint32
	tags list
}

//go:wasmexport test:lang/greet@1.0.0#older
func older(name, nameLen, age uint32, tags unsafe.Pointer, tagsLen, years uint32) unsafe.Pointer {
	more := alloc[text](tagsLen + 1)
	all := unsafe.Slice(more, tagsLen+1)
	copy(all, unsafe.Slice((*text)(tags), tagsLen))
	all[tagsLen] = give("older")
	ret := alloc[person](1)
	*ret = person{text{name, nameLen}, age + years, list{address(unsafe.Pointer(more)), tagsLen + 1}}
	return unsafe.Pointer(ret)
}

type word struct {
	text text
	loud uint32
}

//go:wasmimport test:words/case@1.0.0 say
func say(words unsafe.Pointer, count uint32, ret unsafe.Pointer)

//go:wasmexport test:lang/greet@1.0.0#loud
func loud(ptr *byte, len uint32) unsafe.Pointer {
	words := alloc[[2]word](1)
	words[0] = word{give("Hello,"), 0}
	words[1] = word{give(unsafe.String(ptr, len) + "!"), 1}
	ret := alloc[text](1)
	say(unsafe.Pointer(words), 2, unsafe.Pointer(ret))
	return unsafe.Pointer(ret)
}

type outcome struct {
	isErr uint32
	_     uint32
	sum   int64
}

type failure struct {
	isErr uint32
	_     uint32
	why   text
}

//go:wasmexport test:lang/greet@1.0.0#sum
func sum(ptr *int64, len uint32) unsafe.Pointer {
	ret := alloc[outcome](1)
	if len == 0 {
		*(*failure)(unsafe.Pointer(ret)) = failure{1, 0, give("nothing to add")}
		return unsafe.Pointer(ret)
	}
	*ret = outcome{}
	for _, n := range unsafe.Slice(ptr, len) {
		ret.sum += n
	}
	return unsafe.Pointer(ret)
}

//go:wasmexport cabi_post_test:lang/greet@1.0.0#hello
func helloPost(unsafe.Pointer) { release() }

//go:wasmexport cabi_post_test:lang/greet@1.0.0#older
func olderPost(unsafe.Pointer) { release() }

//go:wasmexport cabi_post_test:lang/greet@1.0.0#loud
func loudPost(unsafe.Pointer) { release() }

//go:wasmexport cabi_post_test:lang/greet@1.0.0#sum
func sumPost(unsafe.Pointer) { release() }

func main() {}
