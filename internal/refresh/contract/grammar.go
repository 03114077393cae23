package contract

// The grammar says what stands where in an OpenAPI document, so that the
// keyword "title" is told from a property that happens to be called "title".
//
// A kind is the name of an object below, or one of
//
//	map K   an object whose keys are names and whose values are of kind K
//	list K  a list of K whose order means something
//	set K   a list of K whose order means nothing: it is sorted
//	value   plain data: kept as it is, looked at no further
//	drop    prose: left out
//
// The order of an object's fields is the order in which they are written.
// Fields that the grammar does not know are facts of kind value, unless they
// are prose or some vendor's extension.
type field struct{ name, kind string }

var grammar = map[string][]field{
	"document": {
		{"openapi", "value"},
		{"info", "info"},
		{"servers", "set server"},
		{"security", "set requirement"},
		{"paths", "map path"},
		{"webhooks", "map path"},
		{"components", "components"},
		{"tags", "drop"},
		{"jsonSchemaDialect", "drop"},
	},
	"info": {
		{"title", "value"},
		{"version", "value"},
		{"contact", "drop"},
		{"license", "drop"},
		{"termsOfService", "drop"},
	},
	"server":         {{"url", "value"}, {"variables", "map serverVariable"}},
	"serverVariable": {{"default", "value"}, {"enum", "set value"}},
	"path": {
		{"$ref", "value"},
		{"parameters", "set parameter"},
		{"get", "operation"},
		{"put", "operation"},
		{"post", "operation"},
		{"patch", "operation"},
		{"delete", "operation"},
		{"head", "operation"},
		{"options", "operation"},
		{"trace", "operation"},
		{"servers", "set server"},
	},
	"operation": {
		{"operationId", "value"},
		{"deprecated", "value"},
		{"security", "set requirement"},
		{"parameters", "set parameter"},
		{"requestBody", "body"},
		{"responses", "map response"},
		{"callbacks", "map callback"},
		{"servers", "set server"},
		{"tags", "drop"},
		{"x-polar-allowed-subjects", "set value"},
		{"x-polar-pagination", "pagination"},
	},
	"pagination":  {{"type", "value"}, {"item_schema", "schema"}},
	"callback":    {}, // see fieldKind: its keys are expressions, its values paths
	"requirement": {
		// see fieldKind: its keys are security schemes, its values scopes
	},
	"parameter": {
		{"$ref", "value"},
		{"name", "value"},
		{"in", "value"},
		{"required", "value"},
		{"deprecated", "value"},
		{"style", "value"},
		{"explode", "value"},
		{"allowReserved", "value"},
		{"allowEmptyValue", "value"},
		{"schema", "schema"},
		{"content", "map media"},
	},
	"body":     {{"$ref", "value"}, {"required", "value"}, {"content", "map media"}},
	"response": {{"$ref", "value"}, {"description", "value"}, {"headers", "map parameter"}, {"content", "map media"}, {"links", "drop"}},
	"media":    {{"schema", "schema"}, {"encoding", "map encoding"}},
	"encoding": {{"contentType", "value"}, {"headers", "map parameter"}},
	"components": {
		{"securitySchemes", "map scheme"},
		{"parameters", "map parameter"},
		{"headers", "map parameter"},
		{"requestBodies", "map body"},
		{"responses", "map response"},
		{"callbacks", "map callback"},
		{"pathItems", "map path"},
		{"schemas", "map schema"},
		{"examples", "drop"},
		{"links", "drop"},
	},
	"scheme": {{"$ref", "value"}, {"type", "value"}, {"scheme", "value"}, {"bearerFormat", "value"}, {"flows", "map flow"}},
	"flow":   {{"scopes", "map label"}},
	"label":  {}, // the text that describes a scope: see normalise
	"schema": {
		{"$ref", "value"},
		{"type", "set value"},
		{"format", "value"},
		{"const", "value"},
		{"enum", "set value"},
		{"default", "value"},
		{"deprecated", "value"},
		{"readOnly", "value"},
		{"writeOnly", "value"},
		{"pattern", "value"},
		{"minLength", "value"},
		{"maxLength", "value"},
		{"minimum", "value"},
		{"exclusiveMinimum", "value"},
		{"maximum", "value"},
		{"exclusiveMaximum", "value"},
		{"multipleOf", "value"},
		{"minItems", "value"},
		{"maxItems", "value"},
		{"uniqueItems", "value"},
		{"minProperties", "value"},
		{"maxProperties", "value"},
		{"discriminator", "discriminator"},
		{"required", "set value"},
		{"dependentRequired", "value"},
		{"properties", "map schema"},
		{"patternProperties", "map schema"},
		{"propertyNames", "schema"},
		{"additionalProperties", "schema"},
		{"unevaluatedProperties", "schema"},
		{"dependentSchemas", "map schema"},
		{"prefixItems", "list schema"},
		{"items", "schema"},
		{"unevaluatedItems", "schema"},
		{"contains", "schema"},
		{"allOf", "set schema"},
		{"anyOf", "set schema"},
		{"oneOf", "set schema"},
		{"not", "schema"},
		{"if", "schema"},
		{"then", "schema"},
		{"else", "schema"},
		{"$defs", "map schema"},
		{"contentSchema", "schema"},
		{"enumNames", "drop"},
		{"xml", "drop"},
	},
	"discriminator": {{"propertyName", "value"}, {"mapping", "map mapping"}},
	"mapping":       {}, // a reference: see normalise
}

// prose are the keywords that hold text for people. They say nothing that a
// client has to know and change more often than the API does.
var prose = map[string]bool{
	"summary": true, "description": true, "title": true,
	"example": true, "examples": true, "externalDocs": true, "$comment": true,
}
