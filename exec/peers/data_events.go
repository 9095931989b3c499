package main

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// eventRow is a profile with its events, in the order of their time.
type eventRow struct {
	ID      string `parquet:"id"`
	Email   string `parquet:"email"`
	Address struct {
		State   string `parquet:"state,dict"`
		Country string `parquet:"country,dict"`
	} `parquet:"address"`
	Person struct {
		Gender string `parquet:"gender,dict"`
		Age    *int32 `parquet:"age,optional,dict"`
	} `parquet:"person"`
	Loyalty struct {
		Tier   *string `parquet:"tier,optional,dict"`
		Points int32   `parquet:"points,dict"`
	} `parquet:"loyalty"`
	LTV       float64  `parquet:"ltv"`
	SignupTS  int64    `parquet:"signupTs,timestamp(millisecond)"`
	Interests []string `parquet:"interests,list"`
	XEvent    []event  `parquet:"xEvent,list"`
}

// event is one of a profile's events. Only orders have a total and items.
type event struct {
	Type      string    `parquet:"type,dict"`
	Timestamp int64     `parquet:"timestamp,timestamp(millisecond)"`
	Commerce  *commerce `parquet:"commerce,optional"`
	ProductID *string   `parquet:"productId,optional,dict"`
	Items     []item    `parquet:"items,list"`
}

type commerce struct {
	Order struct {
		Total float64 `parquet:"total"`
	} `parquet:"order"`
}

type item struct {
	SKU      string  `parquet:"sku,dict"`
	Quantity int32   `parquet:"quantity,dict"`
	Price    float64 `parquet:"price"`
}

var eventTable = &table[eventRow]{name: "events", seed: 2, row: makeEvents}

var (
	eventTypes = []string{"view", "click", "search", "cart", "purchase", "login", "checkout", "support"}
	products   = texts(500, func(i int) string { return fmt.Sprintf("P%03d", i) })
	interests  = []string{"golf", "chess", "wine", "travel", "music", "cycling", "films", "books", "cooking", "running", "garden", "games"}
)

// priced says whether events of a type are orders, and have a total.
func priced(kind string) bool { return kind == "cart" || kind == "purchase" || kind == "checkout" }

func makeEvents(r *rand.Rand, i int) (p eventRow) {
	p.ID = fmt.Sprintf("p%08d", i)
	p.Email = fmt.Sprintf("u%d@ex%d.com", i, r.IntN(50))
	p.Address.State = states[skewed(r, len(states))]
	p.Address.Country = countries[skewed(r, len(countries))]
	p.Person.Gender = pick(r, genders)
	if r.IntN(12) > 0 {
		p.Person.Age = new(18 + r.Int32N(70))
	}
	if r.IntN(3) > 0 {
		p.Loyalty.Tier = &tiers[skewed(r, len(tiers))]
	}
	p.Loyalty.Points = int32(r.ExpFloat64() * 2000)
	p.LTV = r.ExpFloat64() * 500
	p.SignupTS = now.UnixMilli() - r.Int64N(1500*24*3600*1000)
	p.Interests = []string{}
	for _, k := range r.Perm(len(interests))[:r.IntN(5)] {
		p.Interests = append(p.Interests, interests[k])
	}
	p.XEvent = make([]event, r.IntN(21))
	for k := range p.XEvent {
		p.XEvent[k] = makeEvent(r)
	}
	slices.SortFunc(p.XEvent, func(a, b event) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	return p
}

func makeEvent(r *rand.Rand) (e event) {
	e.Type = eventTypes[skewed(r, len(eventTypes))]
	e.Timestamp = now.UnixMilli() - 1 - r.Int64N(365*24*3600*1000)
	e.Items = []item{}
	if e.Type != "login" && e.Type != "search" && e.Type != "support" {
		e.ProductID = &products[skewed(r, len(products))]
	}
	if priced(e.Type) {
		e.Commerce = new(commerce)
		for range 1 + r.IntN(4) {
			it := item{products[skewed(r, len(products))], 1 + r.Int32N(3), math.Round(r.ExpFloat64()*4000) / 100}
			e.Items = append(e.Items, it)
			e.Commerce.Order.Total += float64(it.Quantity) * it.Price
		}
	}
	return e
}
