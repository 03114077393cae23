package contract

// The grammar describes the structure of an OpenAPI document. It distinguishes
// the keyword "title" from a property of that name.
//
// A kind is the name of an object below, or one of
//
//	map K   an object with any keys and values of kind K
//	list K  a list of K whose order matters
//	set K   a list of K whose order does not matter: it is sorted
//	value   data that is copied
//	default a default, without the texts of an object
//	drop    prose that is left out
//
// Fields are written in this order. Unknown fields are of kind value, unless they
// are prose or extensions of vendors other than Polar.
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
		{"tags", "drop"}, // see tagServices
		{"deprecated", "value"},
		{"security", "set requirement"},
		{"parameters", "set parameter"},
		{"requestBody", "body"},
		{"responses", "map response"},
		{"callbacks", "map callback"},
		{"servers", "set server"},
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
	"label":  {}, // the description of a scope: see value
	"schema": {
		{"$ref", "value"},
		{"type", "set value"},
		{"format", "value"},
		{"const", "value"},
		{"enum", "set value"},
		{"default", "default"},
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
	"mapping":       {}, // a reference: see value
}

// prose are the keywords for text. Clients do not need it, and it changes more
// often than the API.
var prose = map[string]bool{
	"summary": true, "description": true, "title": true,
	"example": true, "examples": true, "externalDocs": true, "$comment": true,
}
