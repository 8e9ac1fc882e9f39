package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A numpy is a Python process that multiplies matrices on request.
type numpy struct {
	name string // with the version and the BLAS that is under it
	each time.Duration
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
}

// script answers each line, n and a number of seconds, with the seconds of the fastest
// product of n×n matrices, measured as stopwatch.fastest does it.
const script = `
import sys, time
import numpy as np
np.ones((64, 64)) @ np.ones((64, 64))
try:
    loaded = open('/proc/self/maps').read()
except OSError:
    loaded = ''
print('numpy', np.__version__ + ''.join(', ' + name for name in ('OpenBLAS', 'MKL', 'BLIS') if name.lower() in loaded), flush=True)
for line in sys.stdin:
    n, each = int(line.split()[0]), float(line.split()[1])
    x, y, z = np.random.rand(n, n), np.random.rand(n, n), np.empty((n, n))
    best, runs, start = float('inf'), 1, time.perf_counter()
    while True:
        begin = time.perf_counter()
        for _ in range(runs):
            np.dot(x, y, out=z)
        took = time.perf_counter() - begin
        if took < 1e-3:
            runs *= 2
            continue
        best = min(best, took / runs)
        if time.perf_counter() - start > each:
            break
    print(best, flush=True)
`

// startNumpy returns a numpy on one core, or nil if that python has none.
func startNumpy(python string, each time.Duration) *numpy {
	cmd := exec.Command(python, "-c", script)
	cmd.Env = append(os.Environ(), "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1", "BLIS_NUM_THREADS=1", "OMP_NUM_THREADS=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil
	}
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	p := &numpy{each: each, cmd: cmd, in: in, out: bufio.NewReader(out)}
	name, err := p.out.ReadString('\n')
	if p.name = strings.TrimSpace(name); err != nil {
		p.stop()
		return nil
	}
	return p
}

// seconds measures a product of n×n matrices; NaN if Python is gone.
func (p *numpy) seconds(n int) (s float64) {
	if _, err := fmt.Fprintln(p.in, n, p.each.Seconds()); err != nil {
		return math.NaN()
	}
	if _, err := fmt.Fscanln(p.out, &s); err != nil {
		return math.NaN()
	}
	return s
}

// stop ends the process.
func (p *numpy) stop() {
	p.in.Close()
	p.cmd.Wait()
}
