// Package polarrules has the rules of Polar's server for the data of customers and
// members: request bodies, email addresses, billing addresses, tax IDs, locales and
// metadata.
package polarrules
