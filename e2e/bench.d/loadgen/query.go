// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The plan read from standard input by "loadgen query".
type queryPlan struct {
	Servers []struct {
		Name string            `json:"name"`
		URL  string            `json:"url"`
		PIDs []int             `json:"pids"`
		Args map[string]string `json:"args"` // added to every request
	} `json:"servers"`
	Queries []struct {
		Name   string              `json:"name"`
		Path   string              `json:"path"`
		Params map[string][]string `json:"params"`
	} `json:"queries"`
	Warmup         int     `json:"warmup"`          // untimed requests before the first round
	Rounds         int     `json:"rounds"`          // turns each server gets per query
	MinRepetitions int     `json:"min_repetitions"` // per round
	MinSeconds     float64 `json:"min_seconds"`     // per round
	MaxSeconds     float64 `json:"max_seconds"`     // per round, after which fewer repetitions will do
	BodyDir        string  `json:"body_dir"`        // where each last answer is kept
	Gzip           bool    `json:"gzip"`
}

type queryTiming struct {
	Query      string    `json:"query"`
	Server     string    `json:"server"`
	Status     int       `json:"status"`
	Error      string    `json:"error,omitempty"`
	Bytes      int       `json:"bytes"`
	LatencyMs  []float64 `json:"latency_ms"`
	CPUSeconds float64   `json:"cpu_seconds"`
	BodyFile   string    `json:"body_file,omitempty"`
}

func runQuery(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("reads its plan, a JSON document, from standard input and takes no flags")
	}
	var plan queryPlan
	if err := json.NewDecoder(os.Stdin).Decode(&plan); err != nil {
		return err
	}
	client := &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{DisableCompression: !plan.Gzip, MaxIdleConnsPerHost: 4}}
	var body bytes.Buffer
	get := func(address string) (status int, took time.Duration, err error) {
		body.Reset()
		began := time.Now()
		resp, err := client.Get(address)
		if err != nil {
			return 0, 0, err
		}
		defer resp.Body.Close()
		_, err = io.Copy(&body, resp.Body)
		return resp.StatusCode, time.Since(began), err
	}
	out := json.NewEncoder(os.Stdout)
	for _, q := range plan.Queries {
		timings := make([]*queryTiming, len(plan.Servers))
		for round := 0; round < plan.Rounds; round++ {
			for i, s := range plan.Servers {
				values := url.Values{}
				for k, v := range q.Params {
					values[k] = v
				}
				for k, v := range s.Args {
					values.Set(k, v)
				}
				address := s.URL + q.Path + "?" + values.Encode()
				if round == 0 {
					timings[i] = &queryTiming{Query: q.Name, Server: s.Name}
					for range plan.Warmup {
						get(address)
					}
				}
				t := timings[i]
				if t.Error != "" {
					continue
				}
				cpu := processCPU(s.PIDs)
				began := time.Now()
				for n := 0; ; n++ {
					elapsed := time.Since(began).Seconds()
					if n >= plan.MinRepetitions && elapsed >= plan.MinSeconds || n > 0 && elapsed >= plan.MaxSeconds {
						break
					}
					status, took, err := get(address)
					t.Status, t.Bytes = status, body.Len()
					if err != nil {
						t.Error = err.Error()
						break
					}
					if status/100 != 2 {
						t.Error = fmt.Sprintf("status %d: %.300s", status, body.String())
						break
					}
					t.LatencyMs = append(t.LatencyMs, float64(took.Nanoseconds())/1e6)
				}
				t.CPUSeconds += processCPU(s.PIDs) - cpu
				if round == 0 && t.Error == "" && plan.BodyDir != "" {
					t.BodyFile = filepath.Join(plan.BodyDir, strings.ReplaceAll(q.Name, "/", "_")+"."+s.Name+".json")
					if err := os.WriteFile(t.BodyFile, body.Bytes(), 0o644); err != nil {
						return err
					}
				}
			}
		}
		for _, t := range timings {
			if err := out.Encode(t); err != nil {
				return err
			}
		}
	}
	return nil
}
