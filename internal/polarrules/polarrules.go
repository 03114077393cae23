// Package polarrules has the rules of Polar's server for what customers and
// members consist of: the bodies that it takes, and what it makes of e-mail
// addresses, billing addresses, tax IDs, locales and metadata.
package polarrules
