module run

go 1.24
