package polar

import (
	"time"
)

// RateLimit is a number of requests per unit of time.
type RateLimit struct {
	// Requests is the number of requests allowed within Per.
	Requests int
	// Per is the unit of time.
	Per time.Duration
	// Burst is the burst size: how many requests may go at once after idle time.
	// The default is a tenth of Requests.
	Burst int
}

// ProductionLimit returns a limit below that of the production environment, which
// allows 500 requests a minute for all tokens of an organization together.
func ProductionLimit() RateLimit { return RateLimit{Requests: 450, Per: time.Minute, Burst: 40} }

// SandboxLimit returns a limit below that of the sandbox, which allows 100
// requests a minute for all tokens of an organization together.
func SandboxLimit() RateLimit { return RateLimit{Requests: 88, Per: time.Minute, Burst: 10} }
