// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

// The plan read from standard input by "loadgen press".
type pressPlan struct {
	URL     string `json:"url"`
	Queries []struct {
		Path   string              `json:"path"`
		Params map[string][]string `json:"params"`
	} `json:"queries"`
	Clients int     `json:"clients"` // each asks one query after another without a pause
	Seconds float64 `json:"seconds"` // after which no more is asked
}

type pressResult struct {
	Answered  int       `json:"answered"`
	Failed    int       `json:"failed"`
	Error     string    `json:"error,omitempty"` // the first one
	Bytes     int64     `json:"bytes"`
	LatencyMs []float64 `json:"latency_ms"`
}

func runPress(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("reads its plan, a JSON document, from standard input and takes no flags")
	}
	var plan pressPlan
	if err := json.NewDecoder(os.Stdin).Decode(&plan); err != nil {
		return err
	}
	client := &http.Client{Timeout: 3 * time.Minute, Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: plan.Clients}}
	ask := func(address string) (int64, error) {
		resp, err := client.Get(address)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		if resp.StatusCode/100 != 2 {
			text, _ := io.ReadAll(io.LimitReader(resp.Body, 300))
			return 0, fmt.Errorf("status %d: %s", resp.StatusCode, text)
		}
		return io.Copy(io.Discard, resp.Body)
	}
	var lock sync.Mutex
	var clients sync.WaitGroup
	result := pressResult{LatencyMs: []float64{}}
	end := time.Now().Add(time.Duration(plan.Seconds * float64(time.Second)))
	for c := range plan.Clients {
		clients.Add(1)
		go func() {
			defer clients.Done()
			for n := c; time.Now().Before(end); n++ {
				q := plan.Queries[n%len(plan.Queries)]
				began := time.Now()
				size, err := ask(plan.URL + q.Path + "?" + url.Values(q.Params).Encode())
				took := time.Since(began)
				lock.Lock()
				if err != nil {
					result.Failed++
					if result.Error == "" {
						result.Error = err.Error()
					}
				} else {
					result.Answered++
					result.Bytes += size
					result.LatencyMs = append(result.LatencyMs, float64(took.Nanoseconds())/1e6)
				}
				lock.Unlock()
			}
		}()
	}
	clients.Wait()
	return json.NewEncoder(os.Stdout).Encode(result)
}
