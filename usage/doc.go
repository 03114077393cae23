// Package usage reports what customers use, and reads the balances of their
// meters.
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	recorder, err := usage.NewRecorder(client, usage.RecorderOptions{
//		OnDrop: func(events []usage.Event, err error) { log.Printf("%d events lost: %v", len(events), err) },
//	})
//	if err != nil {
//		return err
//	}
//	defer recorder.Close(context.Background())
//	err = recorder.Record(usage.Event{
//		Name:               "api_call",
//		ExternalCustomerID: "user_42",
//		Metadata:           usage.Metadata{"tokens": 1234},
//	})
//
// A [Recorder] collects events and sends them in the background; [Client.Ingest]
// sends events at once. Meters, which the seller defines, count or add up the
// events of each customer.
//
// # Nothing counts twice
//
// The service counts events with the same ExternalID only once, even if they differ
// or come late. An event without one gets a random one before it is sent, so that it
// can be sent again when a response is lost. Give an ExternalID
// of your own where your program may report the same use again, such as the ID of
// the job.
//
// # Customers
//
// Name the customer by your own ID, ExternalCustomerID, or by Polar's, CustomerID.
// The service accepts an ExternalCustomerID that no customer has: an event with a
// mistyped one is stored and never billed.
//
// # Delay
//
// Events are counted in the background. [Client.ListMeters] and the customer's state
// show them some seconds later.
//
// Package [github.com/polarexpress/polar-go/polar] describes tokens, errors,
// retries, rate limits and optional values.
package usage
