// What the kernels for AVX2 and AVX-512 share. The block is at (R14); see type block in kernel.go.

// Row i of A is i·ars bytes away from the first: with ars in R8 and three, five
// and seven times as much in R11, R12, R13, every row has an address.
#define A0 (AX)
#define A1 (AX)(R8*1)
#define A2 (AX)(R8*2)
#define A3 (AX)(R11*1)
#define A4 (AX)(R8*4)
#define A5 (AX)(R12*1)
#define A6 (AX)(R11*2)
#define A7 (AX)(R13*1)

// Nothing to do: rows, cols or k is 0.
#define EMPTY(done) \
	CMPQ block_rows(R14), $1; \
	JLT  done; \
	CMPQ block_cols(R14), $1; \
	JLT  done; \
	CMPQ block_k(R14), $1; \
	JLT  done

// A stride of the block, in bytes.
#define STRIDE(field, r) MOVQ field(R14), r; SHLQ $3, r

// The strides that the walks over a tile use, and where the block begins.
#define BEGIN \
	STRIDE(block_ldc, SI); \
	STRIDE(block_ars, R8); \
	LEAQ (R8)(R8*2), R11; \
	LEAQ (R8)(R8*4), R12; \
	LEAQ (R11)(R8*4), R13; \
	STRIDE(block_acs, R9); \
	STRIDE(block_ldb, R10); \
	MOVQ block_c(R14), DI; \
	MOVQ DI, c-8(SP); \
	MOVQ block_b(R14), BX; \
	MOVQ BX, b-16(SP); \
	MOVQ block_cols(R14), CX; \
	MOVQ CX, cols-24(SP)

// A panel of columns begins: with the first strip of rows.
#define PANEL \
	MOVQ c-8(SP), DI; \
	MOVQ block_a(R14), AX; \
	MOVQ AX, strip-32(SP); \
	MOVQ block_rows(R14), DX; \
	MOVQ DX, rows-40(SP)

// A tile begins: A, B, the steps along k, the rows that are left.
#define TILE \
	MOVQ strip-32(SP), AX; \
	MOVQ b-16(SP), BX; \
	MOVQ block_k(R14), CX; \
	MOVQ rows-40(SP), DX

// A walk along k, the main loop of a product: load a row of B, multiply it by n elements of
// A, one for each row of the tile, and go on. Its end is at grown, with n in DX.
#define WALK(loop, load, multiply, n) \
loop: \
	load; \
	multiply; \
	ADDQ R9, AX; \
	ADDQ R10, BX; \
	DECQ CX; \
	JNZ  loop; \
	MOVQ $n, DX; \
	JMP  grown

// After a tile of DX rows: the next strip of whole rows, or the rows that are left of this one.
#define STRIP(whole, next, tile) \
	STRIDE(block_an, R15); \
	CMPQ  DX, $whole; \
	JEQ   next; \
	MOVQ  DX, R15; \
	IMULQ R8, R15; \
next: \
	ADDQ R15, strip-32(SP); \
	SUBQ DX, rows-40(SP); \
	JGT  tile

// After a panel of that width: the next one.
#define NEXTPANEL(width, panel) \
	STRIDE(block_bn, R15); \
	ADDQ R15, b-16(SP); \
	ADDQ $(8*width), c-8(SP); \
	SUBQ $width, cols-24(SP); \
	JGT  panel

// Is α 1, or β 0?
#define UNIT(yes) MOVQ $0x3ff0000000000000, R15; CMPQ R15, block_alpha(R14); JEQ yes
#define ZERO(yes) MOVQ block_beta(R14), R15; ADDQ R15, R15; JZ yes

// For dot and dotv: where row or column i begins, in bytes from the first one, or where the
// one before begins if there are no more. What is computed of it is not stored.
#define AFTER(count, i, stride, before, this) \
	LEAQ    (before)(stride*1), this; \
	CMPQ    count(R14), $i; \
	CMOVQLE before, this

// The addresses of eight rows of A.
#define EIGHTROWS \
	STRIDE(block_ars, R13); \
	MOVQ block_a(R14), AX; \
	AFTER(block_rows, 1, R13, AX, DX); \
	AFTER(block_rows, 2, R13, DX, SI); \
	AFTER(block_rows, 3, R13, SI, DI); \
	AFTER(block_rows, 4, R13, DI, R8); \
	AFTER(block_rows, 5, R13, R8, R9); \
	AFTER(block_rows, 6, R13, R9, R10); \
	AFTER(block_rows, 7, R13, R10, R11)

// The sums at BX, one for each row, go to C: as they are, or with βC.
#define SUMS(sum, set) \
	VMOVSD block_beta(R14), X14; \
	MOVQ   block_c(R14), DI; \
	STRIDE(block_ldc, SI); \
	MOVQ   block_rows(R14), CX; \
sum: \
	VMOVSD (BX), X0; \
	ZERO(set); \
	VFMADD231SD (DI), X14, X0; \
set: \
	VMOVSD X0, (DI); \
	ADDQ   $8, BX; \
	ADDQ   SI, DI; \
	DECQ   CX; \
	JNZ    sum
