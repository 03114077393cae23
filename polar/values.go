package polar

import "bytes"

// tooManyValues reports whether decoding body could take much more memory than
// body itself: an object of two bytes becomes a struct of hundreds. limit is that
// of the body's size.
func tooManyValues(body []byte, limit int64) bool {
	maxObjects, maxValues := 4096+int(limit/4096), 65536+int(limit/512)
	// Counting bytes is fast, and only texts that hold them make it count too many.
	if bytes.Count(body, []byte("{"))+bytes.Count(body, []byte("[")) <= maxObjects && bytes.Count(body, []byte(",")) <= maxValues {
		return false
	}
	objects, values := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = endOfString(body, i)
		case '{', '[':
			objects++
		case ',':
			values++
		}
	}
	return objects > maxObjects || values > maxValues
}

// endOfString returns where the string that begins at i ends.
func endOfString(body []byte, i int) int {
	for i++; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i
}
