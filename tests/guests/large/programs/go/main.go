// A program as Go makes them for WASI, one thing per command.
package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

func names(folder string) []string {
	entries, err := os.ReadDir(folder)
	check(err)
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	sort.Strings(found)
	return found
}

func files(folder string) {
	first, second := filepath.Join(folder, "first"), filepath.Join(folder, "second")
	check(os.WriteFile(first, []byte(strings.Repeat("h\xe9llo\n", 2000)), 0o600))
	check(os.Rename(first, second))
	fmt.Println(names(folder))
	found, err := os.ReadFile(second)
	check(err)
	fmt.Println(len(found))
	check(os.Remove(second))
	_, err = os.ReadFile(second)
	fmt.Println(err)
}

func clocks() {
	start := time.Now()
	time.Sleep(10 * time.Millisecond)
	took := time.Since(start)
	fmt.Println(took >= 10*time.Millisecond, took < 5*time.Second, start.Year() > 2023)
	fmt.Println(rand.Int63() != rand.Int63())
}

func lines() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		fmt.Println(strings.ToUpper(in.Text()))
	}
	rest, _ := io.ReadAll(os.Stdin)
	fmt.Fprintln(os.Stderr, len(rest))
}

func main() {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch command {
	case "files":
		files(os.Args[2])
	case "clocks":
		clocks()
	case "lines":
		lines()
	case "exit":
		status, _ := strconv.Atoi(os.Args[2])
		os.Exit(status)
	case "panic":
		panic("on purpose")
	default:
		vars := os.Environ()
		sort.Strings(vars)
		fmt.Println(os.Args, vars)
	}
}
