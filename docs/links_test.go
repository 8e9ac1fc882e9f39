package docs_test

import (
	"cmp"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	codeSpans = regexp.MustCompile("(`+)[^`].*?(`+)")
	linkEnd   = regexp.MustCompile(`^[^\[\]]*\]\(([^)\s]+)`) // of a link that begins in the line before
	reference = regexp.MustCompile(`^\s*\[[^\]]+\]:\s*(\S+)`)
	htmlLink  = regexp.MustCompile(`(?:src|href)="([^"]+)"`)
	scheme    = regexp.MustCompile(`^[a-z]+:`)
)

// checkLinks finds the relative links that lead nowhere.
func checkLinks(files tree) (p problems) {
	for _, name := range files.names(".md") {
		for _, line := range markdown(files[name]) {
			if line.fence != "" {
				continue
			}
			text := codeSpans.ReplaceAllStringFunc(line.text, func(span string) string {
				return strings.Repeat("x", len(span)) // a link in a code span is none
			})
			var targets []string
			for _, m := range mdLink.FindAllStringSubmatch(text, -1) {
				targets = append(targets, m[2])
			}
			for _, re := range []*regexp.Regexp{linkEnd, reference, htmlLink} {
				for _, m := range re.FindAllStringSubmatch(text, -1) {
					targets = append(targets, m[1])
				}
			}
			for _, target := range targets {
				if problem := files.follow(name, target); problem != "" {
					p.addf(name, line.number, "link to %s: %s", target, problem)
				}
			}
		}
	}
	return p
}

// follow says what is wrong with a link in a file.
func (files tree) follow(from, target string) string {
	if scheme.MatchString(target) || strings.HasPrefix(target, "//") {
		return ""
	}
	file, anchor, _ := strings.Cut(target, "#")
	to := from
	if file != "" {
		to = path.Join(path.Dir(from), file)
	}
	_, isFile := files[to]
	isFolder := to == "." || slices.ContainsFunc(files.names(""), func(name string) bool { return strings.HasPrefix(name, to+"/") })
	switch {
	case !isFile && !isFolder:
		return "there is no " + to
	case anchor == "":
		return ""
	case !strings.HasSuffix(to, ".md"):
		return "an anchor in a file that is not Markdown"
	case !anchors(files[to])[anchor]:
		return "no heading of " + to + " has this anchor"
	}
	return ""
}

var (
	inCode      = regexp.MustCompile("`([^`]+)`")
	publicName  = regexp.MustCompile(`\b(matrix|nn|mnist|ladder|term|chart)\.([A-Z]\w*(?:\.[A-Za-z]\w*)?)`)
	folderName  = regexp.MustCompile(`(?:^|\s)\./([a-z][\w/]*)`)
	commandLine = regexp.MustCompile(`go run \./(cmd/\w+)([^|>#;&]*)`)
	flagName    = regexp.MustCompile(`(?:^|\s)--?([a-z][\w-]*)`)
	localName   = regexp.MustCompile("`(\\w+)[^`]*` in (\\[`[\\w./]+`\\]\\([^)]+\\.go\\))")
)

// checkNames finds the names in Markdown files that the code does not have.
func checkNames(files tree) (p problems) {
	known := files.known()
	for _, name := range files.names(".md") {
		for _, line := range markdown(files[name]) {
			for _, link := range linksToGo(name, line.text) {
				if s := files.declaring(link); s == nil {
					p.addf(name, line.number, "%s does not declare %s", link.file, link.symbol)
				}
			}
			for _, m := range localName.FindAllStringSubmatch(line.text, -1) {
				if link := linksToGo(name, m[2])[0]; !files.uses(link, m[1]) {
					p.addf(name, line.number, "%s has no %s in %s", link.file, m[1], link.symbol)
				}
			}
			code := []string{line.text}
			if line.fence == "" {
				code = nil
				for _, m := range inCode.FindAllStringSubmatch(line.text, -1) {
					code = append(code, m[1])
				}
			}
			for _, c := range code {
				p = append(p, checkCode(files, known, name, line.number, c)...)
			}
		}
	}
	return p
}

// checkCode checks the names in one piece of code of a Markdown file.
func checkCode(files tree, known map[string]bool, name string, line int, code string) (p problems) {
	for _, m := range publicName.FindAllStringSubmatch(code, -1) {
		if !known[m[0]] {
			p.addf(name, line, "there is no %s", m[0])
		}
	}
	for _, test := range testName.FindAllString(code, -1) {
		if !known[test] && !known[test+"…"] {
			p.addf(name, line, "there is no test, benchmark or example whose name begins with %s", test)
		}
	}
	for _, m := range folderName.FindAllStringSubmatch(code, -1) {
		if folder := strings.TrimSuffix(strings.TrimSuffix(m[1], "..."), "/"); folder != "" && files.follow("README.md", folder) != "" {
			p.addf(name, line, "there is no folder ./%s", folder)
		}
	}
	for _, m := range commandLine.FindAllStringSubmatch(code, -1) {
		for _, f := range flagName.FindAllStringSubmatch(m[2], -1) {
			if !files.hasFlag(m[1], f[1]) {
				p.addf(name, line, "%s has no flag -%s", m[1], f[1])
			}
		}
	}
	return p
}

// known returns what checkCode may find: nn.Network.SGD, TestEquation3, and for
// patterns of -run and -bench every beginning of a test's name, with "…".
func (files tree) known() map[string]bool {
	known := map[string]bool{}
	for _, s := range files.sources() {
		for symbol := range s.symbols {
			known[path.Base(path.Dir(s.name))+"."+symbol] = true
			if s.test() {
				known[symbol] = true
				for i := range symbol {
					known[symbol[:i]+"…"] = true
				}
			}
		}
	}
	return known
}

// declaring returns the file that a link leads to if it declares the symbol.
func (files tree) declaring(link goLink) *source {
	if files[link.file] == "" {
		return nil
	}
	s, err := files.source(link.file)
	if err != nil || s.symbols[strings.TrimPrefix(link.symbol, path.Base(path.Dir(link.file))+".")] == nil {
		return nil
	}
	return s
}

// uses reports whether a name is anywhere in the declaration of a symbol.
func (files tree) uses(link goLink, name string) bool {
	s := files.declaring(link)
	if s == nil {
		return false
	}
	found := false
	ast.Inspect(s.symbols[strings.TrimPrefix(link.symbol, path.Base(path.Dir(link.file))+".")], func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// hasFlag reports whether a program's code has the name of a flag as a string. The
// flags of all programs, -h and the like, are in cmd/internal.
func (files tree) hasFlag(folder, flag string) bool {
	for _, name := range files.names(".go") {
		if strings.HasPrefix(name, folder+"/") || strings.HasPrefix(name, "cmd/internal/") {
			if strings.Contains(files[name], `"`+flag+`"`) {
				return true
			}
		}
	}
	return flag == "h" || flag == "help"
}

// checkQuotes finds the blocks of Go that the code does not have, word for word. A
// block ```go nn/network.go must be in that file, a block ```go in any. Blanks at the ends
// of lines do not count. A line // … stands for lines left out.
func checkQuotes(files tree) (p problems) {
	for _, name := range files.names(".md") {
		block, lines := "", append(markdown(files[name]), mdLine{})
		for i, line := range lines[:len(lines)-1] {
			file, isGo := strings.CutPrefix(line.fence+" ", "go ")
			if !isGo {
				continue
			}
			block += strings.TrimSpace(line.text) + "\n"
			if next := lines[i+1]; next.fence == line.fence && next.number == line.number+1 {
				continue
			}
			if !slices.ContainsFunc(files.names(".go"), func(name string) bool {
				return (file == "" || name == strings.TrimSpace(file)) && holds(files[name], block)
			}) {
				p.addf(name, line.number-strings.Count(block, "\n")+1, "this quoted Go is not word for word in %s", cmp.Or(file, "any Go file"))
			}
			block = ""
		}
	}
	return p
}

// holds reports whether a file has the pieces of a block, in order.
func holds(text, block string) bool {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	text = "\n" + strings.Join(lines, "\n") + "\n"
	for piece := range strings.SplitSeq(block, "// …\n") {
		_, after, found := strings.Cut(text, "\n"+piece)
		if !found {
			return false
		}
		text = "\n" + after
	}
	return true
}
