// SPDX-License-Identifier: Apache-2.0

// Command loadgen puts load on a Prometheus-compatible server: it serves
// scrape targets, sends remote-write requests, times queries and asks many at once.
package main

import (
	"fmt"
	"os"
)

var commands = []struct {
	name, summary string
	run           func(args []string) error
}{
	{"export", "serve scrape targets on /t/0 ... /t/N-1, counters of what was served on /stats", runExport},
	{"write", "send a deterministic data set by remote write (v1) at full or fixed rate", runWrite},
	{"query", "time a list of API requests against several servers, in turns", runQuery},
	{"press", "many clients that ask heavy queries without a pause", runPress},
	{"names", "print the sample names of the data set, one a line", runNames},
}

func main() {
	if len(os.Args) > 1 {
		for _, c := range commands {
			if c.name == os.Args[1] {
				if err := c.run(os.Args[2:]); err != nil {
					fmt.Fprintln(os.Stderr, "loadgen "+c.name+":", err)
					os.Exit(1)
				}
				return
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: loadgen COMMAND [flags]     (loadgen COMMAND -help lists its flags)")
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "  %-8s %s\n", c.name, c.summary)
	}
	os.Exit(2)
}

func runNames([]string) error {
	for _, n := range sampleNames() {
		fmt.Println(n)
	}
	return nil
}
