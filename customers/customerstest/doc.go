// Package customerstest is Polar's Customers API in memory, for tests.
package customerstest
