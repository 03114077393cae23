package main

// openConstants makes constants plain strings and bools: a type with one value
// helps no one, and the service may add a second.
func openConstants(doc object) {
	for _, schema := range at(doc, "components", "schemas") {
		for _, v := range at(schema.(object), "properties") {
			property := v.(object)
			if property["const"] == true {
				property["x-go-type-skip-optional-pointer"] = true // false is the same as nothing
			}
			delete(property, "const")
			for _, alternative := range list(property, "anyOf") {
				delete(alternative.(object), "const")
			}
		}
	}
}
