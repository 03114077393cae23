package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"
)

// table is the local copy, in a JSON file. A real program would keep rows and
// checkpoint in two tables of its database, and write both in one transaction.
type table struct {
	path string

	Checkpoint checkpoint
	Rows       map[string]row // by Polar's ID
}

// checkpoint says how far a pass over the customers has come.
type checkpoint struct {
	Pass int // the number of the pass
	Page int // the next page to read
}

type row struct {
	ExternalID string `json:",omitempty"`
	Email      string `json:",omitempty"`
	Name       string `json:",omitempty"`
	CreatedAt  time.Time
	Pass       int // the last pass that has seen the customer
}

// open reads the table at path. If there is no file, the table is empty.
func open(path string) (*table, error) {
	t := &table{path: path, Checkpoint: checkpoint{Pass: 1, Page: 1}, Rows: map[string]row{}}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	return t, json.Unmarshal(data, t)
}

// save replaces the whole file: a reader sees the old table or the new one.
func (t *table) save() error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	next := t.path + ".next"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return err
	}
	return os.Rename(next, t.path)
}
