//go:build race || purego

package main

const again = true
