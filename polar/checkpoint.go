package polar

// Checkpoint is how far an iteration over a list has come, in a form that
// programs can store, as JSON for example. The zero value is the beginning.
type Checkpoint struct {
	// Page is the number of the page that is being read.
	Page int `json:"page"`
	// After is the ID of the last item whose loop body has completed.
	After string `json:"after"`
}

// advance notes that the loop body for an item has completed.
func (c *Checkpoint) advance(page int, id string) {
	if c != nil {
		c.Page, c.After = page, id
	}
}
