// Package matrix is the linear algebra of a neural network: dense matrices of
// float64 and the dozen operations that the equations of backpropagation use.
//
// # Storage
//
// A [Matrix] is one flat slice, row after row: element (i,j) of an M×N matrix
// is Data[i*N+j], both counted from 0. A vector is a matrix with one column.
// There are no strides and no views: the fields say where every element is.
//
// # The operations
//
// What the book writes, and what computes it:
//
//	wa          z.Mul(w, a)         the forward pass
//	wᵀδ         z.TMul(w, delta)    the backward pass; no transposed copy is made
//	δaᵀ         z.MulT(delta, a)    a column times a row: all products of their elements
//	z + αxy     z.AddMul(α, x, y)   and AddTMul with xᵀ
//	βz + αxᵀy   z.UpdateTMul(β, α, x, y): a step with weight decay, in one pass
//	x + y       z.Add(x, y)         and Sub
//	x ⊙ y       z.Hadamard(x, y)    element by element
//	σ(z)        a.Apply(σ, z)       a function of each element
//	σ(z), eᶻ    a.Sigmoid(z)        and Exp: the same with vector instructions
//	w − η∇C     w.AddScaled(-η, c)  a step of gradient descent
//
// A convolution is a product as well, and what it needs besides are [MaxPool] and, for its
// backward pass, [Runs] and [AddRows]: sums of the few errors that are not 0.
//
// There is no AddMulT: the sums over a mini-batch of δaᵀ, whose examples are rows here, are
// one product ΔᵀA, which is AddTMul.
//
// # The receiver is the destination
//
// As in math/big, z.Op(x, y) sets z to the result and returns z:
//
//	z.Mul(w, a).Add(z, b) // z = wa + b
//
// The zero Matrix takes the shape of its first result, so that
//
//	var z matrix.Matrix
//	z.Mul(w, a)
//
// works without naming a shape; from then on z keeps that shape and its memory.
// A destination of any other shape is a mistake and panics.
//
// # Aliasing
//
// Elementwise operations (Add, Sub, Hadamard, Scale, AddScaled, Apply, Exp, Sigmoid)
// accept z itself as an operand, as in z.Add(z, b). The products (Mul, TMul, MulT,
// AddMul, AddTMul, UpdateTMul) read each operand many times while they write z, so z must not share
// memory with x or y; x and y may be the same matrix. All of them panic if z and an
// operand overlap only in part. [Matrix.Copy] accepts any overlap.
//
// # Panics
//
// A shape that does not fit is a bug in the program, not bad input. The operation
// panics with its name and both shapes: “matrix: Mul: 30×784 by 10×1”. It does so before
// it reads or writes an element, and also if a matrix does not have Rows·Cols of them.
//
// # Cores
//
// A product that is large enough is cut into shares, and the cores that have nothing else
// to multiply, as many as GOMAXPROCS allows, claim them one after the other. The calling
// goroutine claims too, so it never waits for a core that does not come. A core that has
// helped looks out for the next product for 200 µs before it sleeps. Several goroutines may
// multiply at the same time. [Share] lets these cores do anything else.
//
// # What is reproducible
//
// The same product of the same matrices on the same processor with the same
// kernel gives the same bytes every time, whatever GOMAXPROCS is. Different
// kernels and processors may differ in the last bits: they add in different orders,
// and some round once (a fused multiply-add) where others round twice.
// Zeros are not skipped, so NaN and Inf in an operand always reach the result.
package matrix
