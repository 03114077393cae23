package polar

// Version is the version of this module.
const Version = "0.1.0"

// APIVersion is the version of Polar's API that this module is generated from.
// Every request names it, unless [WithAPIVersion] says otherwise.
const APIVersion = "2026-10"

// Base URLs of Polar's environments. A token of one is not valid in the other.
const (
	ProductionURL = "https://api.polar.sh"
	SandboxURL    = "https://sandbox-api.polar.sh"
)
