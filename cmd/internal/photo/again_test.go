//go:build race || purego

package photo

const again = true
