// Command nethttp makes one call with net/http and encoding/json alone.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	req, err := http.NewRequest(http.MethodGet, "https://api.polar.sh/v1/customers/external/user_42", nil)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer "+os.Getenv("POLAR_ACCESS_TOKEN"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	var customer struct {
		ID    string  `json:"id"`
		Email *string `json:"email"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&customer); err != nil {
		panic(err)
	}
	fmt.Println(customer.ID)
}
