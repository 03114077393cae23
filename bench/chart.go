package main

import (
	"bytes"
	"fmt"
	"slices"
)

// bar is the CPU time of a side in a work, divided by that of the client written
// by hand.
type bar struct {
	work, side string
	ratio      float64
}

// bars returns the bars of a work, or none if the client written by hand took no
// part in it.
func (w work) bars(measured map[string]*side) []bar {
	hand := measured["hand"]
	if hand == nil {
		return nil
	}
	var bars []bar
	for _, s := range chartSides {
		if side := measured[s.name]; side != nil {
			bars = append(bars, bar{w.name, s.name, ratio(side.results, hand.results, "cpu")})
		}
	}
	return bars
}

// chartSides are the sides in the order in which a chart shows them.
var chartSides = []struct{ name, label, light, dark string }{
	{"ours", "this module", "#4338ca", "#8b83f7"},
	{"hand", "by hand", "#6b7280", "#9ca3af"},
	{"naive", "generated", "#b45309", "#e0a04a"},
	{"ts", "TypeScript", "#0f766e", "#45b8ac"},
}

// Measures of a chart, in its own units.
const (
	chartWidth = 500
	chartLeft  = 110 // where bars begin
	chartUnit  = 80  // length of the ratio 1
	chartMost  = 4   // the longest bar's ratio; longer ones are cut, and their number says so
	chartTop   = 78
	barPitch   = 19
	workGap    = 12
)

// chart draws bars as an SVG picture, for light and dark pages. The bars of a work
// follow each other.
func chart(bars []bar) []byte {
	var styles, dark, legend, body bytes.Buffer
	for i, s := range chartSides {
		fmt.Fprintf(&styles, "    .%s { fill: %s }\n", s.name, s.light)
		fmt.Fprintf(&dark, "      .%s { fill: %s }\n", s.name, s.dark)
		x := 12 + i*122
		fmt.Fprintf(&legend, "  <rect class=\"%s\" x=\"%d\" y=\"43\" width=\"13\" height=\"13\" rx=\"2\"/><text x=\"%d\" y=\"55\">%s</text>\n", s.name, x, x+19, s.label)
	}
	y := chartTop
	for group := bars; len(group) > 0; {
		n := slices.IndexFunc(group, func(b bar) bool { return b.work != group[0].work })
		if n < 0 {
			n = len(group)
		}
		fmt.Fprintf(&body, "  <text class=\"work\" x=\"%d\" y=\"%d\">%s</text>\n", chartLeft-10, y+13, group[0].work)
		for _, s := range chartSides {
			for _, b := range group[:n] {
				if b.side != s.name {
					continue
				}
				length := min(b.ratio, chartMost) * chartUnit
				fmt.Fprintf(&body, "  <rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"15\" rx=\"2\"><title>%s, %s: %.2f</title></rect>\n",
					s.name, chartLeft, y, length, b.work, s.label, b.ratio)
				if b.ratio > chartMost {
					fmt.Fprintf(&body, "  <path class=\"cut\" d=\"M%.1f %dl6 -19\"/>\n", chartLeft+length-20, y+17)
				}
				fmt.Fprintf(&body, "  <text x=\"%.1f\" y=\"%d\">%.2f</text>\n", chartLeft+length+6, y+13, b.ratio)
				y += barPitch
			}
		}
		y += workGap
		group = group[n:]
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" aria-labelledby="title desc">
  <title id="title">CPU time of each work, by hand = 1</title>
  <desc id="desc">Bars of this module, a client written by hand, a generated client and Polar's TypeScript SDK. Shorter is cheaper.</desc>
  <style>
    text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2937 }
    .heading { font-size: 16px; font-weight: 600 }
    .work { text-anchor: end }
    .page { fill: #ffffff }
    .cut { stroke: #ffffff; stroke-width: 4 }
%[3]s    @media (prefers-color-scheme: dark) {
      text { fill: #e5e7eb }
      .page { fill: #0d1117 }
      .cut { stroke: #0d1117 }
%[4]s    }
  </style>
  <rect class="page" width="%[1]d" height="%[2]d" rx="8"/>
  <text class="heading" x="12" y="26">CPU time of each work, by hand = 1</text>
%[5]s%[6]s</svg>
`, chartWidth, y, &styles, &dark, &legend, &body)
	return out.Bytes()
}
