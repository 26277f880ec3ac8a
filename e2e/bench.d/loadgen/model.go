// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math"
	"strconv"
)

// The synthetic data set shared by all sub-commands. A target stands for one
// scraped process: a mix of histograms, counters, gauges and constant series
// with labels of realistic length. Everything is derived from the seed and the
// target's index, so that two runs with the same arguments produce the same
// samples.

type metricType string

const (
	typeCounter   metricType = "counter"
	typeGauge     metricType = "gauge"
	typeHistogram metricType = "histogram"
)

type family struct {
	name string
	typ  metricType
	help string
}

type label struct{ name, value string }

type series struct {
	family *family
	suffix string // "", "_total", "_bucket", "_sum", "_count"
	labels []label
}

func (s *series) sampleName() string { return s.family.name + s.suffix }

// evolution describes how a scalar series changes between two samples.
type evolution struct {
	kind     byte    // 'c' counter, 'g' gauge random walk, 'k' constant
	rate     float64 // counter: mean increment per second, in scaled units
	busy     uint64  // chance (of 1024) that the series changes in a step
	step     int64   // gauge: largest move per step
	grain    int64   // gauge: moves are multiples of this
	min, max int64   // gauge: bounds
}

type histogram struct {
	first   int // index of the first bucket; then +Inf, sum, count
	bounds  []float64
	rate    float64   // observations per second
	carry   float64   // fractional observations not yet made
	bucket  [64]uint8 // 64 equally likely buckets
	perObs  [64]int64 // the matching observation, in scaled units of the sum
	buckets []int64   // non-cumulative counts
}

const histogramSumDecimals = 6

// target holds the current state of one scraped process.
type target struct {
	index      int
	rng        rng
	series     []series
	values     []int64 // scaled by 10^decimals
	decimals   []uint8
	scalars    []evolution // aligned with series; kind 0 where a histogram owns it
	histograms []histogram
}

// rng is splitmix64: tiny, seedable and good enough for synthetic data.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}
func (r *rng) below(n int64) int64 { return int64(r.next()>>1) % n }
func (r *rng) float() float64      { return float64(r.next()>>11) / (1 << 53) }

var (
	httpDuration = &family{"http_server_request_duration_seconds", typeHistogram, "Time taken to serve HTTP requests, in seconds."}
	rpcDuration  = &family{"grpc_server_handling_seconds", typeHistogram, "Response latency of gRPC calls handled by the server, in seconds."}
	httpRequests = &family{"http_server_requests", typeCounter, "Number of HTTP requests served, by method, handler and status code."}
	containerCPU = &family{"container_cpu_usage_seconds", typeCounter, "Cumulative CPU time consumed, in seconds."}
	containerNet = &family{"container_network_receive_bytes", typeCounter, "Cumulative count of bytes received."}
	nodeCPU      = &family{"node_cpu_seconds", typeCounter, "Seconds the CPUs spent in each mode."}
	containerMem = &family{"container_memory_working_set_bytes", typeGauge, "Current working set, in bytes."}
	filesystem   = &family{"node_filesystem_avail_bytes", typeGauge, "Filesystem space available to non-root users, in bytes."}
	heapUsed     = &family{"jvm_memory_used_bytes", typeGauge, "The amount of used memory, in bytes."}
	queueDepth   = &family{"worker_queue_depth", typeGauge, "Number of items waiting in the queue."}
	temperature  = &family{"node_hwmon_temp_celsius", typeGauge, "Hardware monitor for temperature."}
	podInfo      = &family{"kube_pod_info", typeGauge, "Information about the pod."}
	podLimits    = &family{"kube_pod_container_resource_limits", typeGauge, "The number of requested limit resource by a container."}
	buildInfo    = &family{"app_build_info", typeGauge, "A metric with a constant '1' value labelled by version and revision."}
)

// sampleNames lists every sample name the model can produce.
func sampleNames() []string {
	names := []string{}
	for _, f := range []*family{httpDuration, rpcDuration} {
		names = append(names, f.name+"_bucket", f.name+"_sum", f.name+"_count")
	}
	for _, f := range []*family{httpRequests, containerCPU, containerNet, nodeCPU} {
		names = append(names, f.name+"_total")
	}
	for _, f := range []*family{containerMem, filesystem, heapUsed, queueDepth, temperature, podInfo, podLimits, buildInfo} {
		names = append(names, f.name)
	}
	return names
}

var (
	methods    = []string{"GET", "POST", "PUT", "DELETE"}
	statuses   = []string{"200", "201", "204", "400", "404", "500", "503"}
	resources  = []string{"orders", "customers", "invoices", "payments", "shipments", "inventory", "catalogue", "sessions", "reports", "webhooks"}
	namespaces = []string{"checkout", "payments-prod", "search-backend", "kube-system", "observability", "data-pipeline"}
	containers = []string{"app", "istio-proxy", "log-forwarder"}
	cpuModes   = []string{"idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user"}
	heapPools  = []label{{"heap", "G1 Eden Space"}, {"heap", "G1 Old Gen"}, {"heap", "G1 Survivor Space"}, {"nonheap", "Metaspace"}, {"nonheap", "CodeHeap 'non-nmethods'"}}
	httpBounds = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	rpcBounds  = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
)

// newTarget builds a target with exactly count series: about half of them
// histogram series, a quarter counters, a fifth gauges, the rest constant.
func newTarget(seed uint64, index, count int) *target {
	t := &target{index: index, rng: rng(seed*1_000_003 + uint64(index)*7919 + 1)}
	for range 4 {
		t.rng.next()
	}
	share := func(part float64) int { return int(part * float64(count)) }
	limit := 0

	limit += share(0.34)
	for i := 0; len(t.series)+len(httpBounds)+3 <= limit; i++ {
		t.addHistogram(httpDuration, httpBounds, 0.02+6*math.Pow(t.rng.float(), 5), []label{
			{"handler", handler(i / 2)}, {"method", methods[i%2]}, {"status", statuses[i%3]}})
	}
	limit += share(0.16)
	for i := 0; len(t.series)+len(rpcBounds)+3 <= limit; i++ {
		t.addHistogram(rpcDuration, rpcBounds, 0.02+20*math.Pow(t.rng.float(), 6), []label{
			{"grpc_method", "Get" + resources[i%len(resources)]}, {"grpc_service", "acme.shop.v1." + resources[(i/10)%len(resources)] + "Service"}, {"grpc_type", "unary"}})
	}
	limit += share(0.10)
	for i := 0; len(t.series) < limit; i++ {
		t.addCounter(httpRequests, 0, 8*math.Pow(t.rng.float(), 4), []label{
			{"handler", handler(i / 14)}, {"method", methods[(i/7)%2]}, {"status", statuses[i%7]}})
	}
	limit += share(0.06)
	for i := 0; len(t.series) < limit; i++ {
		t.addCounter(containerCPU, 9, 3e8*math.Pow(t.rng.float(), 3), podLabels(index, i, true))
	}
	limit += share(0.05)
	for i := 0; len(t.series) < limit; i++ {
		t.addCounter(containerNet, 0, 2e5*math.Pow(t.rng.float(), 4), insertLabel(podLabels(index, i, false), label{"interface", "eth0"}))
	}
	limit += share(0.04)
	for i := 0; len(t.series) < limit; i++ {
		mode := i % len(cpuModes)
		t.addCounter(nodeCPU, 2, []float64{92, 0.3, 0.01, 0.01, 0.2, 0.05, 2, 5}[mode], []label{
			{"cpu", strconv.Itoa(i / len(cpuModes))}, {"mode", cpuModes[mode]}})
	}
	limit += share(0.08)
	for i := 0; len(t.series) < limit; i++ {
		base := int64(20e6 + 900e6*t.rng.float())
		t.addGauge(containerMem, 0, base&^4095, evolution{kind: 'g', busy: 900, step: base / 200, grain: 4096, min: 4 << 20, max: 2 << 30}, podLabels(index, i, true))
	}
	limit += share(0.03)
	for i := 0; len(t.series) < limit; i++ {
		t.addGauge(filesystem, 0, int64(1e9+4e11*t.rng.float())&^4095, evolution{kind: 'g', busy: 300, step: 40 << 20, grain: 4096, min: 1 << 28, max: 1 << 40}, []label{
			{"device", "/dev/nvme" + strconv.Itoa(i) + "n1p1"}, {"fstype", "ext4"}, {"mountpoint", "/var/lib/kubelet/volumes/pvc-" + hexID(int64(index*1000+i), 8)}})
	}
	limit += share(0.03)
	for i := 0; len(t.series) < limit; i++ {
		pool := heapPools[i%len(heapPools)]
		t.addGauge(heapUsed, 0, int64(10e6+400e6*t.rng.float()), evolution{kind: 'g', busy: 800, step: 8 << 20, grain: 8, min: 1 << 20, max: 1 << 30}, []label{
			{"application", resources[i/len(heapPools)%len(resources)] + "-" + strconv.Itoa(i/len(heapPools)/len(resources))}, {"area", pool.name}, {"id", pool.value}})
	}
	limit += share(0.04)
	for i := 0; len(t.series) < limit; i++ {
		t.addGauge(queueDepth, 0, t.rng.below(200), evolution{kind: 'g', busy: 400, step: 12, grain: 1, min: 0, max: 5000}, []label{
			{"queue", resources[i%len(resources)] + "-events"}, {"shard", strconv.Itoa(i / len(resources))}})
	}
	for i := 0; len(t.series) < limit+share(0.03); i++ {
		t.addGauge(temperature, 3, 35000+t.rng.below(20000), evolution{kind: 'g', busy: 950, step: 375, grain: 125, min: 20000, max: 95000}, []label{
			{"chip", "platform_coretemp_" + strconv.Itoa(i/16)}, {"sensor", "temp" + strconv.Itoa(i%16+1)}})
	}
	if len(t.series) < count {
		t.addGauge(buildInfo, 0, 1, evolution{kind: 'k'}, []label{
			{"branch", "release-4.17"}, {"goversion", "go1.24.3"}, {"revision", hexID(int64(index), 20)}, {"version", "4.17." + strconv.Itoa(index%5)}})
	}
	infos := (count - len(t.series)) / 2
	for i := 0; i < infos; i++ {
		labels := podLabels(index, i, false)
		t.addGauge(podInfo, 0, 1, evolution{kind: 'k'}, []label{
			{"created_by_kind", "ReplicaSet"}, {"host_ip", fmt.Sprintf("10.12.%d.%d", index/250, index%250)},
			labels[0], {"node", fmt.Sprintf("node-%04d.eu-west-1.example.internal", index)}, labels[1],
			{"pod_ip", fmt.Sprintf("10.%d.%d.%d", 64+index/250, index%250, i%250)}})
	}
	for i := 0; len(t.series) < count; i++ {
		labels := podLabels(index, i, true)
		t.addGauge(podLimits, 0, int64(256<<20)<<(i%4), evolution{kind: 'k'}, []label{
			labels[0], labels[1], labels[2], {"resource", "memory"}, {"unit", "byte"}})
	}
	return t
}

func handler(i int) string {
	return "/api/v" + strconv.Itoa(i/len(resources)+1) + "/" + resources[i%len(resources)] + "/{id}"
}

func hexID(n int64, digits int) string {
	r := rng(n*2654435761 + 17)
	return fmt.Sprintf("%016x%016x", r.next(), r.next())[:digits]
}

// podLabels returns labels in sorted order: container, namespace, pod (with
// container first) or namespace, pod.
func podLabels(index, i int, withContainer bool) []label {
	pod := i
	if withContainer {
		pod = i / len(containers)
	}
	name := resources[pod%len(resources)] + "-" + hexID(int64(index*10_000+pod/2), 10) + "-" + hexID(int64(index*10_000+pod+5_000), 5)
	labels := []label{{"namespace", namespaces[pod%len(namespaces)]}, {"pod", name}}
	if withContainer {
		labels = append([]label{{"container", containers[i%len(containers)]}}, labels...)
	}
	return labels
}

func (t *target) add(f *family, suffix string, decimals uint8, value int64, e evolution, labels []label) {
	t.series = append(t.series, series{f, suffix, labels})
	t.values = append(t.values, value)
	t.decimals = append(t.decimals, decimals)
	t.scalars = append(t.scalars, e)
}

func (t *target) addGauge(f *family, decimals uint8, value int64, e evolution, labels []label) {
	t.add(f, "", decimals, value, e, labels)
}

func (t *target) addCounter(f *family, decimals uint8, rate float64, labels []label) {
	// A third of all counters change rarely, as in most processes.
	busy := uint64(1024)
	if t.rng.below(3) == 0 {
		busy = 12
	}
	start := int64(rate * 86400 * (1 + 9*t.rng.float()))
	t.add(f, "_total", decimals, start, evolution{kind: 'c', rate: rate, busy: busy}, labels)
}

func (t *target) addHistogram(f *family, bounds []float64, rate float64, labels []label) {
	h := histogram{first: len(t.series), bounds: bounds, rate: rate, buckets: make([]int64, len(bounds)+1)}
	// Log-normal observations around a per-histogram median.
	median := 0.004 * math.Pow(60, t.rng.float())
	for i := range h.bucket {
		observed := median * math.Exp(normalQuantile((float64(i)+0.5)/64)*0.9)
		b := 0
		for b < len(bounds) && observed > bounds[b] {
			b++
		}
		h.bucket[i] = uint8(b)
		h.perObs[i] = int64(observed * 1e6)
	}
	for i := 0; i <= len(bounds); i++ {
		le := "+Inf"
		if i < len(bounds) {
			le = formatBound(bounds[i])
		}
		withLe := insertLabel(labels, label{"le", le})
		t.add(f, "_bucket", 0, 0, evolution{}, withLe)
	}
	t.add(f, "_sum", histogramSumDecimals, 0, evolution{}, labels)
	t.add(f, "_count", 0, 0, evolution{}, labels)
	t.histograms = append(t.histograms, h)
	t.advanceHistogram(&t.histograms[len(t.histograms)-1], 40_000) // a past to start from
}

func formatBound(b float64) string {
	s := strconv.FormatFloat(b, 'f', -1, 64)
	if b == math.Trunc(b) {
		s += ".0" // the canonical spelling in OpenMetrics and Prometheus 3
	}
	return s
}

func insertLabel(labels []label, extra label) []label {
	out := make([]label, 0, len(labels)+1)
	done := false
	for _, l := range labels {
		if !done && extra.name < l.name {
			out, done = append(out, extra), true
		}
		out = append(out, l)
	}
	if !done {
		out = append(out, extra)
	}
	return out
}

// normalQuantile inverts the standard normal distribution function by bisection.
func normalQuantile(p float64) float64 {
	lo, hi := -8.0, 8.0
	for range 60 {
		mid := (lo + hi) / 2
		if 0.5*math.Erfc(-mid/math.Sqrt2) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// advance moves every series on by the given time.
func (t *target) advance(seconds float64) {
	r := t.rng
	for i := range t.scalars {
		e := &t.scalars[i]
		switch e.kind {
		case 'c':
			if e.busy < 1024 && r.next()&1023 >= e.busy {
				continue
			}
			t.values[i] += int64(e.rate*seconds*2*r.float() + r.float())
		case 'g':
			if r.next()&1023 >= e.busy {
				continue
			}
			v := t.values[i] + (r.below(2*e.step+1)-e.step)/e.grain*e.grain
			t.values[i] = min(max(v, e.min), e.max)
		}
	}
	t.rng = r
	for i := range t.histograms {
		t.advanceHistogram(&t.histograms[i], seconds)
	}
}

func (t *target) advanceHistogram(h *histogram, seconds float64) {
	h.carry += h.rate * seconds * 2 * t.rng.float()
	n := int64(h.carry)
	if n == 0 {
		return
	}
	h.carry -= float64(n)
	sum, count := h.first+len(h.buckets), h.first+len(h.buckets)+1
	each, rest := n/64, n%64
	if each > 0 {
		for i := range h.bucket {
			h.buckets[h.bucket[i]] += each
			t.values[sum] += each * h.perObs[i]
		}
	}
	for ; rest > 0; rest-- {
		x := t.rng.next()
		h.buckets[h.bucket[x&63]]++
		t.values[sum] += h.perObs[x&63] + int64(x>>6&1023) // jitter below a millisecond
	}
	t.values[count] += n
	total := int64(0)
	for i, b := range h.buckets {
		total += b
		t.values[h.first+i] = total
	}
}

var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// float returns a value as the number its decimal spelling stands for.
func (t *target) float(i int) float64 { return float64(t.values[i]) / powersOfTen[t.decimals[i]] }

// appendDecimal writes value/10^decimals without trailing zeros.
func appendDecimal(dst []byte, value int64, decimals uint8) []byte {
	if decimals == 0 {
		return strconv.AppendInt(dst, value, 10)
	}
	for decimals > 0 && value%10 == 0 {
		value /= 10
		decimals--
	}
	if value < 0 {
		dst, value = append(dst, '-'), -value
	}
	start := len(dst)
	dst = strconv.AppendInt(dst, value, 10)
	if decimals == 0 {
		return dst
	}
	d := int(decimals)
	for len(dst)-start <= d { // pad to at least one digit before the point
		dst = append(dst, 0)
		copy(dst[start+1:], dst[start:])
		dst[start] = '0'
	}
	dst = append(dst, 0)
	point := len(dst) - 1 - d
	copy(dst[point+1:], dst[point:len(dst)-1])
	dst[point] = '.'
	return dst
}
