package main

func (r *refresher) mutate(n int, seed uint64) (int, error) { return 0, nil }
