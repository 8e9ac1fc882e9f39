// Package mnist reads the MNIST database of handwritten digits, and draws synthetic digits
// for when it is not at hand.
//
// The database is 70,000 images of 28×28 pixels and as many labels, in four files, gzipped
// or not. [Open] reads them, also under the names that [Path] lists:
//
//	train-images-idx3-ubyte   60,000 images: 50,000 to train on, 10,000 to validate
//	train-labels-idx1-ubyte   their labels
//	t10k-images-idx3-ubyte    10,000 images to test on
//	t10k-labels-idx1-ubyte    their labels
//
// The functions of the book's mnist_loader.py and expand_mnist.py are [Load],
// [VectorizedResult] and [Expand]. Without the files, [Synthetic] has digits to learn
// from, drawn by the program.
//
// # What the network gets
//
// A pixel is a byte, 0 for the background and 255 for ink. As an [nn.Example] an image is
// x, 784×1, each byte divided by 256 as in the book's own data, row after row; and
// y, 10×1, is 1 at the label and 0 elsewhere. In network.py's data only the training
// examples have such a y, the others the label itself; here all have both,
// [nn.Example.Y] and [nn.Example.Label].
//
// Each digit was scaled to fit 20×20 and moved so that its centre of mass is in the
// middle. [Normalize] does the same to your own drawings; a network that learned from
// MNIST's images cannot read others.
//
// # The format
//
// IDX: the bytes 0, 0, 8 (for bytes) and the number of dimensions; then the size of
// each dimension in four bytes, the most significant first; then the data, the last
// dimension running fastest. [ReadImages] and [ReadLabels] read it, [WriteImages] and
// [WriteLabels] write it. They trust no header: memory is allocated as data comes.
package mnist
