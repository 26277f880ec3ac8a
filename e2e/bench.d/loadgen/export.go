// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	contentTypeText        = "text/plain; version=0.0.4; charset=utf-8"
	contentTypeOpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"
)

// page is a target with its exposition pre-rendered up to the values.
type page struct {
	mu         sync.Mutex
	target     *target
	prefixes   [2][][]byte // text, OpenMetrics: everything before each value
	body       []byte
	renames    float64 // series still owed to churn
	generation int
	lastScrape time.Time
}

func newPage(t *target) *page {
	p := &page{target: t}
	for f := range p.prefixes {
		p.prefixes[f] = make([][]byte, len(t.series))
	}
	for i := range t.series {
		p.render(i)
	}
	return p
}

func (p *page) render(i int) {
	s := &p.target.series[i]
	first := i == 0 || p.target.series[i-1].family != s.family
	for format := range p.prefixes {
		var b bytes.Buffer
		if first {
			name := s.family.name
			if format == 0 && s.family.typ == typeCounter {
				name += "_total"
			}
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, s.family.help, name, s.family.typ)
		}
		b.WriteString(s.sampleName())
		for j, l := range s.labels {
			b.WriteByte("{,"[min(j, 1)])
			b.WriteString(l.name + `="` + l.value + `"`)
		}
		if len(s.labels) > 0 {
			b.WriteByte('}')
		}
		b.WriteByte(' ')
		p.prefixes[format][i] = b.Bytes()
	}
}

// churn renames one randomly chosen series, or a whole histogram, by giving it
// a new generation label, and says how many series that were.
func (p *page) churn() int {
	t := p.target
	at := int(t.rng.below(int64(len(t.series))))
	from, to := at, at+1
	for i := range t.histograms {
		h := &t.histograms[i]
		if n := h.first + len(h.buckets) + 2; at >= h.first && at < n {
			from, to = h.first, n
		}
	}
	p.generation++
	next := label{"pod_generation", hexID(int64(t.index)<<32+int64(p.generation), 8)}
	for i := from; i < to; i++ {
		labels := t.series[i].labels
		if old := indexOf(labels, next.name); old >= 0 {
			labels = append(append([]label{}, labels[:old]...), labels[old+1:]...)
		}
		t.series[i].labels = insertLabel(labels, next)
		p.render(i)
	}
	return to - from
}

func indexOf(labels []label, name string) int {
	for i, l := range labels {
		if l.name == name {
			return i
		}
	}
	return -1
}

type exporter struct {
	pages        []*page
	format       string
	gzip         bool
	churnPerSec  float64 // share of the series renamed in a second
	lateAfter    time.Duration
	scrapes      atomic.Int64
	samples      atomic.Int64
	bytes        atomic.Int64
	renamed      atomic.Int64
	late         atomic.Int64
	seenTargets  atomic.Int64
	closed       atomic.Bool
	scrapeCounts []atomic.Int64
}

func (e *exporter) serveTarget(w http.ResponseWriter, r *http.Request) {
	index, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/t/"))
	if err != nil || index < 0 || index >= len(e.pages) {
		http.NotFound(w, r)
		return
	}
	p := e.pages[index]
	openMetrics := e.format == "openmetrics" || e.format == "auto" && prefersOpenMetrics(r.Header.Get("Accept"))

	p.mu.Lock()
	defer p.mu.Unlock()
	if e.closed.Load() {
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	now := time.Now()
	elapsed := 1.0
	if p.lastScrape.IsZero() {
		e.seenTargets.Add(1)
	} else {
		elapsed = now.Sub(p.lastScrape).Seconds()
		if e.lateAfter > 0 && now.Sub(p.lastScrape) > e.lateAfter {
			e.late.Add(1)
		}
	}
	p.lastScrape = now
	p.target.advance(elapsed)
	p.renames += elapsed * e.churnPerSec * float64(len(p.target.series))
	for p.renames >= 1 {
		n := p.churn()
		p.renames -= float64(n)
		e.renamed.Add(int64(n))
	}

	format, contentType := 0, contentTypeText
	if openMetrics {
		format, contentType = 1, contentTypeOpenMetrics
	}
	body := p.body[:0]
	t := p.target
	for i, prefix := range p.prefixes[format] {
		body = append(body, prefix...)
		body = appendDecimal(body, t.values[i], t.decimals[i])
		body = append(body, '\n')
	}
	if openMetrics {
		body = append(body, "# EOF\n"...)
	}
	p.body = body

	w.Header().Set("Content-Type", contentType)
	if e.gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var packed bytes.Buffer
		z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
		z.Write(body)
		z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		body = packed.Bytes()
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if n, err := w.Write(body); err != nil || n < len(body) {
		return // the scraper gave up
	}
	e.scrapes.Add(1)
	e.scrapeCounts[index].Add(1)
	e.samples.Add(int64(len(t.series)))
	e.bytes.Add(int64(len(body)))
}

// prefersOpenMetrics looks for OpenMetrics 1.0 with a quality no lower than that of plain text.
func prefersOpenMetrics(accept string) bool {
	quality := func(wanted, version string) float64 {
		best := 0.0
		for _, part := range strings.Split(accept, ",") {
			fields := strings.Split(part, ";")
			if strings.TrimSpace(fields[0]) != wanted {
				continue
			}
			q, versionFits := 1.0, true
			for _, f := range fields[1:] {
				k, v, _ := strings.Cut(strings.TrimSpace(f), "=")
				switch k {
				case "q":
					q, _ = strconv.ParseFloat(v, 64)
				case "version":
					versionFits = v == version
				}
			}
			if versionFits {
				best = max(best, q)
			}
		}
		return best
	}
	q := quality("application/openmetrics-text", "1.0.0")
	return q > 0 && q >= quality("text/plain", "0.0.4")
}

// serveStats reports what was served. With ?close=1 it first ends the service,
// so that the figures are final.
func (e *exporter) serveStats(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("close") != "" {
		e.closed.Store(true)
		for _, p := range e.pages { // let answers under way end
			p.mu.Lock()
			p.mu.Unlock()
		}
	}
	least, most := int64(1<<62), int64(0)
	for i := range e.scrapeCounts {
		n := e.scrapeCounts[i].Load()
		least, most = min(least, n), max(most, n)
	}
	json.NewEncoder(w).Encode(map[string]int64{
		"time_ms": time.Now().UnixMilli(), "targets": int64(len(e.pages)), "targets_seen": e.seenTargets.Load(),
		"scrapes": e.scrapes.Load(), "samples": e.samples.Load(), "bytes": e.bytes.Load(),
		"renamed": e.renamed.Load(), "late": e.late.Load(),
		"least_scrapes": least, "most_scrapes": most,
	})
}

func runExport(args []string) error {
	f := flag.NewFlagSet("export", flag.ExitOnError)
	listen := f.String("listen", "127.0.0.1:0", "address to serve on")
	targets := f.Int("targets", 100, "number of targets")
	count := f.Int("series", 1000, "series per target")
	seed := f.Uint64("seed", 1, "seed of the data set")
	format := f.String("format", "text", "exposition format: text, openmetrics or auto (by the Accept header)")
	compress := f.Bool("gzip", false, "compress where the scraper accepts gzip")
	churn := f.Float64("churn", 0, "percentage of the series renamed per minute")
	late := f.Duration("late-after", 0, "count scrapes that follow the one before by more than this")
	f.Parse(args)
	if *format != "text" && *format != "openmetrics" && *format != "auto" {
		return fmt.Errorf("unknown format %q", *format)
	}
	e := &exporter{format: *format, gzip: *compress, churnPerSec: *churn / 100 / 60, lateAfter: *late,
		scrapeCounts: make([]atomic.Int64, *targets)}
	for i := range *targets {
		e.pages = append(e.pages, newPage(newTarget(*seed, i, *count)))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/t/", e.serveTarget)
	mux.HandleFunc("/stats", e.serveStats)
	return http.ListenAndServe(*listen, mux)
}
