// SPDX-License-Identifier: Apache-2.0

package main

import "encoding/binary"

// compressAround writes src in the snappy block format, but keeps the given
// slots (ranges of slotLen bytes, in order) as literals of their own, which no
// back-reference reads or covers. It returns where in the output each slot's
// bytes lie, so that they can be overwritten without compressing again.
func compressAround(src []byte, slots []int, slotLen int) (out []byte, slotAt []int) {
	const tableBits, maxOffset = 14, 1 << 16
	type entry struct{ pos, end int } // a position (plus one) and the end of its segment
	var table [1 << tableBits]entry

	out = binary.AppendUvarint(nil, uint64(len(src)))
	segment := func(start, end int) {
		literal, i := start, start
		for i+4 <= end {
			word := binary.LittleEndian.Uint32(src[i:])
			h := word * 0x1e35a7bd >> (32 - tableBits)
			found := table[h]
			table[h] = entry{i + 1, end}
			from := found.pos - 1
			if from < 0 || i-from >= maxOffset || binary.LittleEndian.Uint32(src[from:]) != word {
				i++
				continue
			}
			n := 4
			for i+n < end && from+n < found.end && src[from+n] == src[i+n] {
				n++
			}
			out = appendLiteral(out, src[literal:i])
			out = appendCopy(out, i-from, n)
			i += n
			literal = i
		}
		out = appendLiteral(out, src[literal:end])
	}
	at := 0
	for _, s := range slots {
		segment(at, s)
		out = appendLiteral(out, src[s:s+slotLen])
		slotAt = append(slotAt, len(out)-slotLen)
		at = s + slotLen
	}
	segment(at, len(src))
	return out, slotAt
}

func appendLiteral(out, b []byte) []byte {
	for len(b) > 0 {
		n := min(len(b), 1<<16)
		switch {
		case n <= 60:
			out = append(out, byte(n-1)<<2)
		case n <= 1<<8:
			out = append(out, 60<<2, byte(n-1))
		default:
			out = append(out, 61<<2, byte(n-1), byte((n-1)>>8))
		}
		out = append(out, b[:n]...)
		b = b[n:]
	}
	return out
}

func appendCopy(out []byte, offset, n int) []byte {
	for n > 0 {
		part := min(n, 64)
		if part >= 4 && part <= 11 && offset < 1<<11 {
			out = append(out, 1|byte(part-4)<<2|byte(offset>>8)<<5, byte(offset))
		} else {
			out = append(out, 2|byte(part-1)<<2, byte(offset), byte(offset>>8))
		}
		n -= part
	}
	return out
}
