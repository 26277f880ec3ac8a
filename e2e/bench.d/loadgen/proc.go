// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// processCPU adds up the user and system seconds the processes have used.
func processCPU(pids []int) float64 {
	const ticksPerSecond = 100 // USER_HZ, fixed on Linux
	total := 0.0
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		text := string(stat)
		fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
		for _, f := range fields[11:13] { // utime, stime
			ticks, _ := strconv.ParseFloat(f, 64)
			total += ticks / ticksPerSecond
		}
	}
	return total
}
