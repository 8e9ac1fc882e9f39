// Play is a page on which one draws a digit, watches it go forward through a network, and
// the error come back; trains networks; and plays with what chapters 4 to 6 tell.
//
//	go run ./cmd/play
//
// opens it in the browser; play -h lists the flags, and docs/play.md describes the page.
//
// The numbers come from Go: each is computed by nn, nn/network2 and their like, by way of
// package tour, and sent as JSON. The JavaScript in static asks, draws and lays out. It
// turns values into colours and pixels and rounds them for the eye, and computes nothing
// that the book computes.
//
// # The server
//
// server.go has what every request meets: the guard against other sites (Host, Origin,
// Content-Security-Policy), the bounds, and the one form of all endpoints, [post]. Each
// view adds its own endpoints in one method, routesDigit and so on, and has one file in
// static. What the views share is in page.js there, the texts are in words.
//
// A page names itself by 128 random bits in the header X-Visitor. The server keeps a
// network for each of the 128 visitors seen last. A network that is shown is never
// changed: a step or a training shows another one. So code that has read the pointer can
// compute with it, and no lock is held meanwhile.
package main
