// Package polarrules has the rules of Polar's server for what customers and
// members consist of: the bodies that it takes, and how it reads email
// addresses, billing addresses, tax IDs, locales and metadata.
package polarrules
