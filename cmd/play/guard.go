package main

import (
	"net"
	"net/http"
	"strings"
)

// guard refuses what other sites send, and tells the browser what the page may do.
//
// A name that some site's owner lets point to 127.0.0.1 would make this server part of
// that site (DNS rebinding), so the request must name this machine. And any site can make
// a browser send a request here, if not read the answer, so one that is not plain reading
// must come from the page itself.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		if !s.knows(r.Host) {
			http.Error(w, "this server is not "+strings.ToValidUTF8(r.Host, "?")+": open the address that play has printed", http.StatusForbidden)
			return
		}
		reading := (r.Method == http.MethodGet || r.Method == http.MethodHead) && !strings.HasPrefix(r.URL.Path, "/api/")
		if !reading && fromElsewhere(r) {
			http.Error(w, "this request comes from another site", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// knows reports whether host is one under which a browser may reach this server: the host
// of -addr; this machine; and, if everyone may reach it, any address in numbers, to which
// no name can be rebound.
func (s *server) knows(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	mine := net.ParseIP(s.name)
	public := s.name == "" || mine == nil && s.name != "localhost" || mine != nil && !mine.IsLoopback()
	switch {
	case strings.EqualFold(host, "localhost"), host != "" && strings.EqualFold(host, s.name):
		return true
	case ip == nil:
		return false
	}
	return ip.IsLoopback() || public
}

// fromElsewhere reports whether the browser says that another site has sent this request,
// of whatever method.
func fromElsewhere(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return true
	}
	origin := r.Header.Get("Origin")
	return origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host
}
