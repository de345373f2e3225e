module lang

go 1.24
