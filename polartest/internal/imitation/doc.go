// Package imitation is Polar's service in memory. Package polartest is its public
// face.
package imitation
