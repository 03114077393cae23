// Command compact writes recordings in the compact format.
//
//	go run ./internal/recording/compact -from <folder> -to <folder>
//
// It reads every recording in the first folder, in the original or the compact format,
// and writes one file per scenario to the second. The same recordings give the same
// files. It removes the files of scenarios that no longer exist.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/polarexpress/polar-go/internal/recording"
)

func main() {
	from := flag.String("from", "", "the folder with the recordings")
	to := flag.String("to", "", "the folder to write compact recordings into")
	flag.Parse()
	if *from == "" || *to == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	size, err := run(*from, *to)
	if err != nil {
		fmt.Fprintln(os.Stderr, "compact:", err)
		os.Exit(1)
	}
	fmt.Printf("%d bytes in %s\n", size, *to)
}

func run(from, to string) (size int, err error) {
	scenarios, err := recording.Read(os.DirFS(from))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", from, err)
	}
	files := map[string][]byte{}
	for _, s := range scenarios {
		data, err := recording.Format(recording.Compact(s))
		if err != nil {
			return 0, err
		}
		files[filepath.Join(to, s.Name+".jsonl")] = data
	}
	if len(files) < len(scenarios) {
		return 0, fmt.Errorf("%s: two scenarios have the same name", from)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return 0, err
	}
	old, err := filepath.Glob(filepath.Join(to, "*.jsonl"))
	if err != nil {
		return 0, err
	}
	for _, file := range old {
		if files[file] == nil {
			if err := os.Remove(file); err != nil {
				return 0, err
			}
		}
	}
	for file, data := range files {
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return 0, err
		}
		size += len(data)
	}
	return size, nil
}
