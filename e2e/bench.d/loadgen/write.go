// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A sample's bytes from the value on: 8 bytes of double, the timestamp's tag
// and a varint that takes 6 bytes for any time between 1971 and 2109.
const slotLen = 8 + 1 + 6

func putSample(slot []byte, value float64, timestampMs int64) {
	binary.LittleEndian.PutUint64(slot, math.Float64bits(value))
	slot[8] = 2 << 3
	binary.PutUvarint(slot[9:15], uint64(timestampMs))
}

func appendField(b []byte, number int, content []byte) []byte {
	b = append(b, byte(number<<3|2))
	b = binary.AppendUvarint(b, uint64(len(content)))
	return append(b, content...)
}

// encodeWriteRequest encodes one sample of every series of the targets as a
// prometheus.WriteRequest and returns where the samples' slots lie.
func encodeWriteRequest(targets []*target, job string) (out []byte, slots []int) {
	appendLabel := func(b []byte, l label) []byte {
		return appendField(b, 1, appendField(appendField(nil, 1, []byte(l.name)), 2, []byte(l.value)))
	}
	for _, t := range targets {
		for i := range t.series {
			s := &t.series[i]
			labels := insertLabel(s.labels, label{"instance", instanceName(t.index)})
			labels = insertLabel(labels, label{"job", job})
			var message []byte
			message = appendLabel(message, label{"__name__", s.sampleName()})
			for _, l := range labels {
				message = appendLabel(message, l)
			}
			message = append(message, 2<<3|2, 1+slotLen, 1<<3|1)
			message = append(message, make([]byte, slotLen)...)
			out = appendField(out, 1, message)
			slots = append(slots, len(out)-slotLen)
		}
	}
	return out, slots
}

func instanceName(index int) string {
	return fmt.Sprintf("node-%04d.eu-west-1.example.internal:9100", index)
}

// request is a compressed WriteRequest whose samples are overwritten in place.
type request struct {
	targets []*target
	body    []byte
	slotAt  []int
}

func newRequest(targets []*target, job string) *request {
	plain, slots := encodeWriteRequest(targets, job)
	body, slotAt := compressAround(plain, slots, slotLen)
	return &request{targets, body, slotAt}
}

func (r *request) patch(timestampMs int64) {
	next := 0
	for _, t := range r.targets {
		for i := range t.series {
			putSample(r.body[r.slotAt[next]:], t.float(i), timestampMs)
			next++
		}
	}
}

type writer struct {
	url        string
	client     *http.Client
	stop       atomic.Bool
	acked      atomic.Int64
	requests   atomic.Int64
	retries    atomic.Int64
	bytes      atomic.Int64
	mu         sync.Mutex
	firstError string
}

func (w *writer) fail(message string) {
	w.mu.Lock()
	if w.firstError == "" {
		w.firstError = message
	}
	w.mu.Unlock()
	w.stop.Store(true)
}

func (w *writer) send(r *request) {
	for attempt := 0; !w.stop.Load(); attempt++ {
		req, _ := http.NewRequest("POST", w.url, bytes.NewReader(r.body))
		req.Header.Set("Content-Type", "application/x-protobuf")
		req.Header.Set("Content-Encoding", "snappy")
		req.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
		req.Header.Set("User-Agent", "loadgen/1")
		resp, err := w.client.Do(req)
		if err != nil {
			w.fail(err.Error())
			return
		}
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		resp.Body.Close()
		switch {
		case resp.StatusCode/100 == 2:
			w.acked.Add(int64(len(r.slotAt)))
			w.requests.Add(1)
			w.bytes.Add(int64(len(r.body)))
			return
		case (resp.StatusCode/100 == 5 || resp.StatusCode == 429) && attempt < 50:
			w.retries.Add(1)
			time.Sleep(min(time.Duration(attempt+1)*20*time.Millisecond, time.Second))
		default:
			w.fail(fmt.Sprintf("status %d: %.300s", resp.StatusCode, text))
			return
		}
	}
}

func runWrite(args []string) error {
	f := flag.NewFlagSet("write", flag.ExitOnError)
	url := f.String("url", "", "remote-write endpoint")
	count := f.Int("targets", 10, "number of targets")
	perTarget := f.Int("series", 1000, "series per target")
	seed := f.Uint64("seed", 1, "seed of the data set")
	job := f.String("job", "load", "value of the job label")
	start := f.Int64("start", 0, "timestamp of the first sample, in ms (0: now)")
	step := f.Duration("step", 15*time.Second, "time between two samples of a series")
	skip := f.Int("skip", 0, "steps to leave out at the start (already sent by an earlier run)")
	steps := f.Int("steps", 0, "samples to send per series (0: until -duration is over)")
	duration := f.Duration("duration", 0, "stop after this time (0: when all steps are sent)")
	connections := f.Int("connections", 4, "parallel connections; each keeps to its own series")
	perRequest := f.Int("per-request", 2000, "samples per request, about")
	rate := f.Float64("rate", 0, "samples per second over all connections (0: as fast as acknowledged)")
	skew := f.Int64("skew", 4, "steps by which connections may be apart")
	progress := f.Duration("progress", 0, "print the samples acknowledged so far as JSON lines this often")
	f.Parse(args)
	if *steps == 0 && *duration == 0 {
		return fmt.Errorf("give -steps or -duration")
	}
	if *start == 0 {
		*start = time.Now().UnixMilli()
	}

	groups := make([][]*request, *connections)
	perGroup := max(1, *perRequest / *perTarget)
	for i, n := 0, 0; i < *count; i, n = i+perGroup, n+1 {
		var targets []*target
		for j := i; j < min(i+perGroup, *count); j++ {
			targets = append(targets, newTarget(*seed, j, *perTarget))
		}
		c := n % *connections
		groups[c] = append(groups[c], newRequest(targets, *job))
	}

	w := &writer{url: *url, client: &http.Client{Timeout: 5 * time.Minute, Transport: &http.Transport{
		MaxIdleConnsPerHost: *connections, DisableCompression: true}}}
	positions := make([]atomic.Int64, *connections)
	for i := range positions {
		if len(groups[i]) == 0 {
			positions[i].Store(math.MaxInt64)
		}
	}
	slowest := func() int64 {
		low := int64(math.MaxInt64)
		for i := range positions {
			low = min(low, positions[i].Load())
		}
		return low
	}

	began := time.Now()
	if *duration > 0 {
		time.AfterFunc(*duration, func() { w.stop.Store(true) })
	}
	if *progress > 0 {
		go func() {
			for range time.Tick(*progress) {
				fmt.Printf("{\"acked\":%d}\n", w.acked.Load())
			}
		}()
	}
	var wg sync.WaitGroup
	for c := range groups {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer positions[c].Store(math.MaxInt64)
			sent := 0.0
			share := float64(*connections)
			for s := 0; (*steps == 0 || s < *steps) && !w.stop.Load(); s++ {
				positions[c].Store(int64(s))
				for s >= *skip && int64(s)-slowest() > *skew && !w.stop.Load() {
					time.Sleep(200 * time.Microsecond)
				}
				timestamp := *start + int64(s)*step.Milliseconds()
				for _, r := range groups[c] {
					for _, t := range r.targets {
						t.advance(step.Seconds())
					}
					if s < *skip {
						continue
					}
					if *rate > 0 {
						due := began.Add(time.Duration(sent * share / *rate * 1e9))
						time.Sleep(time.Until(due))
						sent += float64(len(r.slotAt))
					}
					if w.stop.Load() {
						return
					}
					r.patch(timestamp)
					w.send(r)
				}
			}
		}()
	}
	wg.Wait()
	elapsed := time.Since(began).Seconds()
	result := map[string]any{
		"acked": w.acked.Load(), "requests": w.requests.Load(), "retries": w.retries.Load(), "bytes": w.bytes.Load(),
		"seconds": elapsed, "error": w.firstError, "start_ms": *start, "done": true,
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}
