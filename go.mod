module nndl

go 1.25
