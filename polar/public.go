package polar

// NewPublic returns a client that sends no access token, for programs on
// customers' machines, where a token would not be secret. It can call the
// operations that need no scope, such as those of package licensekeys. Any other
// is refused with [ErrInvalidArgument] before a request is sent.
//
// The options are those of [New], except [WithTokenSource].
func NewPublic(opts ...Option) (*Client, error) {
	cfg := defaultConfig()
	cfg.public = true
	return newClient(cfg, opts)
}

// needsToken refuses a call that a public client cannot make.
func needsToken(op *Operation) error {
	return invalidArgument(op, []FieldError{{Path: "client", Message: "has no access token, which the operation needs: make it with polar.New"}})
}
