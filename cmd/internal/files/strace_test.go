package files

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestStrace lets the system itself refuse calls, in a process of its own.
func TestStrace(t *testing.T) {
	if name := os.Getenv("NNDL_TEST_WRITE"); name != "" {
		if err := Write(name, text("new")); err != nil {
			t.Fatal(err)
		}
		return
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("there is no strace here")
	}
	if out, err := exec.Command(strace, "-f", "--seccomp-bpf", "-o", os.DevNull, os.Args[0], "-test.run=^$").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %s", out)
	}
	const rename = "?rename,?renameat,?renameat2"
	for _, refusal := range [][2]string{
		{"fchmod", "EPERM"}, {"fsync", "EINVAL"}, {"fsync", "EOPNOTSUPP"}, {"fsync", "ENOSYS"}, {"flock", "ENOSYS"}, {rename, "EBUSY"}, {rename, "EPERM"},
	} {
		name := filepath.Join(t.TempDir(), "net.json")
		put(t, name, "the old content, which is longer")
		cmd := exec.Command(strace, "-f", "--seccomp-bpf", "-qq", "-o", os.DevNull, "-e", "trace="+refusal[0],
			"-e", "inject="+refusal[0]+":error="+refusal[1], os.Args[0], "-test.run=^TestStrace$")
		cmd.Env = append(os.Environ(), "NNDL_TEST_WRITE="+name)
		out, err := cmd.CombinedOutput()
		if err != nil || content(name) != "new" {
			t.Errorf("%s: %v, the file holds %q; %s", refusal, err, content(name), out)
		}
		listed(t, filepath.Dir(name), "net.json")
	}
}
