package main

import (
	"os"
	"os/exec"
	"runtime"
)

// openBrowser opens a URL in the browser if there is one. If not, nothing is lost: the
// address has been printed.
func openBrowser(url string) {
	command := opener(runtime.GOOS, url)
	if command == nil {
		return
	}
	cmd := exec.Command(command[0], command[1:]...)
	if cmd.Start() == nil {
		go cmd.Wait()
	}
}

// opener returns the command that opens a URL, nil if there is no screen.
func opener(goos, url string) []string {
	switch goos {
	case "darwin":
		return []string{"open", url}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", url}
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	return []string{"xdg-open", url}
}
