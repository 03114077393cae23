package main

// openConstants turns constants into plain strings and bools. A type with one value is
// of no use, and the service may add a second value.
func openConstants(doc object) {
	for _, schema := range at(doc, "components", "schemas") {
		for _, v := range at(schema.(object), "properties") {
			property := v.(object)
			if property["const"] == true {
				property["x-go-type-skip-optional-pointer"] = true // the service treats false as absent
			}
			delete(property, "const")
			for _, alternative := range list(property, "anyOf") {
				delete(alternative.(object), "const")
			}
		}
	}
}
