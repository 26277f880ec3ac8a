// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// decompress is a plain reading of the snappy block format.
func decompress(t *testing.T, in []byte) []byte {
	t.Helper()
	size, n := binary.Uvarint(in)
	in = in[n:]
	var out []byte
	for len(in) > 0 {
		tag := in[0]
		switch tag & 3 {
		case 0:
			length, skip := int(tag>>2)+1, 1
			if tag>>2 == 60 {
				length, skip = int(in[1])+1, 2
			} else if tag>>2 == 61 {
				length, skip = int(in[1])|int(in[2])<<8, 3
				length++
			}
			out = append(out, in[skip:skip+length]...)
			in = in[skip+length:]
			continue
		case 1:
			offset := int(tag>>5)<<8 | int(in[1])
			for range int(tag>>2&7) + 4 {
				out = append(out, out[len(out)-offset])
			}
			in = in[2:]
		case 2:
			offset := int(in[1]) | int(in[2])<<8
			for range int(tag>>2) + 1 {
				out = append(out, out[len(out)-offset])
			}
			in = in[3:]
		default:
			t.Fatal("unexpected tag")
		}
	}
	if len(out) != int(size) {
		t.Fatalf("header says %d bytes, found %d", size, len(out))
	}
	return out
}

func TestRequestCanBePatchedWithoutCompressingAgain(t *testing.T) {
	targets := []*target{newTarget(1, 0, 1000), newTarget(1, 1, 1000)}
	r := newRequest(targets, "load")
	plain, slots := encodeWriteRequest(targets, "load")
	const timestamp = 1_700_000_000_000
	for _, tg := range targets {
		tg.advance(15)
	}
	r.patch(timestamp)
	i := 0
	for _, tg := range targets {
		for s := range tg.series {
			putSample(plain[slots[i]:], tg.float(s), timestamp)
			i++
		}
	}
	if !bytes.Equal(decompress(t, r.body), plain) {
		t.Fatal("patched body differs from the request encoded anew")
	}
	if len(r.body)*4 > len(plain) {
		t.Errorf("labels compress badly: %d of %d bytes", len(r.body), len(plain))
	}
}

func TestDecimals(t *testing.T) {
	for _, c := range []struct {
		value    int64
		decimals uint8
		want     string
	}{{0, 0, "0"}, {0, 3, "0"}, {1500, 3, "1.5"}, {-25, 2, "-0.25"}, {5, 6, "0.000005"}, {1234567, 6, "1.234567"}, {12000, 3, "12"}} {
		if got := string(appendDecimal(nil, c.value, c.decimals)); got != c.want {
			t.Errorf("%d with %d decimals: %s, want %s", c.value, c.decimals, got, c.want)
		}
	}
}

func TestTargetHasExactlyTheSeriesAskedFor(t *testing.T) {
	for _, n := range []int{20, 100, 500, 1000, 5000} {
		tg := newTarget(3, 7, n)
		seen := map[string]bool{}
		for i := range tg.series {
			key := tg.series[i].sampleName()
			for j, l := range tg.series[i].labels {
				if j > 0 && tg.series[i].labels[j-1].name >= l.name {
					t.Fatalf("labels of %s are not sorted", key)
				}
				key += "," + l.name + "=" + l.value
			}
			if seen[key] {
				t.Fatalf("%d series: %s occurs twice", n, key)
			}
			seen[key] = true
		}
		if len(seen) != n {
			t.Errorf("%d series, want %d", len(seen), n)
		}
	}
}
