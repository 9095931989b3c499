package samples

// Profile is one customer with the events that belong to them, in the shape of
// Adobe's Experience Data Model (https://github.com/adobe/xdm). Pointers are
// fields that may be missing.
type Profile struct {
	ID                string                           `json:"_id" parquet:"_id"`
	Person            *Person                          `json:"person,omitempty" parquet:"person,optional"`
	HomeAddress       *Address                         `json:"homeAddress,omitempty" parquet:"homeAddress,optional"`
	WorkAddress       *Address                         `json:"workAddress,omitempty" parquet:"workAddress,optional"`
	PersonalEmail     *Email                           `json:"personalEmail,omitempty" parquet:"personalEmail,optional"`
	WorkEmail         *Email                           `json:"workEmail,omitempty" parquet:"workEmail,optional"`
	MobilePhone       *Phone                           `json:"mobilePhone,omitempty" parquet:"mobilePhone,optional"`
	PreferredLanguage *string                          `json:"preferredLanguage,omitempty" parquet:"preferredLanguage,optional"`
	TimeZone          string                           `json:"timeZone" parquet:"timeZone"`
	Loyalty           *Loyalty                         `json:"loyalty,omitempty" parquet:"loyalty,optional"`
	IdentityMap       map[string][]Identity            `json:"identityMap,omitempty" parquet:"identityMap,optional"`
	SegmentMembership map[string]map[string]Membership `json:"segmentMembership,omitempty" parquet:"segmentMembership,optional"`
	OptInOut          map[string]string                `json:"optInOut,omitempty" parquet:"optInOut,optional"`
	Tenant            *Tenant                          `json:"_tenant,omitempty" parquet:"_tenant,optional"`
	Events            []Event                          `json:"xEvent,omitzero" parquet:"xEvent,optional,list"`
}

// Person is who the customer is.
type Person struct {
	Name      *Name    `json:"name,omitempty" parquet:"name,optional"`
	Gender    *string  `json:"gender,omitempty" parquet:"gender,optional"`
	BirthDate *Instant `json:"birthDate,omitempty" parquet:"birthDate,optional,timestamp(millisecond)"`
	BirthYear *int64   `json:"birthYear,omitempty" parquet:"birthYear,optional"`
}

// Name is a person's name.
type Name struct {
	First string  `json:"firstName" parquet:"firstName"`
	Last  *string `json:"lastName,omitempty" parquet:"lastName,optional"`
}

// Address is a postal address.
type Address struct {
	City        *string `json:"city,omitempty" parquet:"city,optional"`
	Region      *string `json:"stateProvince,omitempty" parquet:"stateProvince,optional"`
	Country     string  `json:"country" parquet:"country"`
	CountryCode string  `json:"countryCode" parquet:"countryCode"`
	PostalCode  *string `json:"postalCode,omitempty" parquet:"postalCode,optional"`
	Primary     *bool   `json:"primary,omitempty" parquet:"primary,optional"`
}

// Email is an address for mail.
type Email struct {
	Address string `json:"address" parquet:"address"`
	Primary *bool  `json:"primary,omitempty" parquet:"primary,optional"`
	Status  string `json:"status" parquet:"status"`
}

// Phone is a telephone number.
type Phone struct {
	Number string `json:"number" parquet:"number"`
}

// Loyalty is the standing in the loyalty programme.
type Loyalty struct {
	Tier     *string  `json:"tier,omitempty" parquet:"tier,optional"`
	Status   string   `json:"status" parquet:"status"`
	Points   *int64   `json:"points,omitempty" parquet:"points,optional"`
	JoinDate *Instant `json:"joinDate,omitempty" parquet:"joinDate,optional,timestamp(millisecond)"`
	Cards    []string `json:"loyaltyID,omitempty" parquet:"loyaltyID,optional,list"`
}

// Identity is one id of the customer in a namespace.
type Identity struct {
	ID      string `json:"id" parquet:"id"`
	Primary bool   `json:"primary" parquet:"primary"`
}

// Membership says how the customer stands to a segment.
type Membership struct {
	Status string  `json:"status" parquet:"status"`
	Since  Instant `json:"lastQualificationTime" parquet:"lastQualificationTime,timestamp(millisecond)"`
}

// Tenant holds the fields that an organisation adds to the standard ones.
type Tenant struct {
	FavoriteColors []string `json:"favoriteColors,omitempty" parquet:"favoriteColors,optional,list"`
	VisitedCities  []string `json:"visitedCities,omitempty" parquet:"visitedCities,optional,list"`
	FavoriteCities []string `json:"favoriteCities,omitempty" parquet:"favoriteCities,optional,list"`
	Scoring        Scoring  `json:"scoring" parquet:"scoring"`
	Note           *string  `json:"note,omitempty" parquet:"note,optional"`
}

// Scoring holds the outputs of models.
type Scoring struct {
	Churn      float64  `json:"churn" parquet:"churn"`
	Propensity *float64 `json:"propensity,omitempty" parquet:"propensity,optional"`
}

// Event is something that the customer did.
type Event struct {
	ID        string    `json:"_id" parquet:"_id"`
	Timestamp Instant   `json:"timestamp" parquet:"timestamp,timestamp(millisecond)"`
	Type      string    `json:"eventType" parquet:"eventType"`
	Commerce  *Commerce `json:"commerce,omitempty" parquet:"commerce,optional"`
	Items     []Item    `json:"productListItems,omitempty" parquet:"productListItems,optional,list"`
	Web       *Web      `json:"web,omitempty" parquet:"web,optional"`
	Device    *Device   `json:"device,omitempty" parquet:"device,optional"`
}

// Commerce says what an event meant to the shop.
type Commerce struct {
	Order     *Order   `json:"order,omitempty" parquet:"order,optional"`
	Purchases *Measure `json:"purchases,omitempty" parquet:"purchases,optional"`
	Checkouts *Measure `json:"checkouts,omitempty" parquet:"checkouts,optional"`
	Views     *Measure `json:"productViews,omitempty" parquet:"productViews,optional"`
}

// Order is what was bought.
type Order struct {
	PurchaseID string   `json:"purchaseID" parquet:"purchaseID"`
	Currency   string   `json:"currencyCode" parquet:"currencyCode"`
	Total      *float64 `json:"priceTotal,omitempty" parquet:"priceTotal,optional"`
}

// Measure is a figure of an event.
type Measure struct {
	Value float64 `json:"value" parquet:"value"`
}

// Item is a product in a cart or an order.
type Item struct {
	SKU        string     `json:"SKU" parquet:"SKU"`
	Name       string     `json:"name" parquet:"name"`
	Quantity   int64      `json:"quantity" parquet:"quantity"`
	Price      *float64   `json:"priceTotal,omitempty" parquet:"priceTotal,optional"`
	Categories []Category `json:"productCategories,omitempty" parquet:"productCategories,optional,list"`
}

// Category is a class of products.
type Category struct {
	Name string `json:"categoryName" parquet:"categoryName"`
}

// Web is the page that an event happened on.
type Web struct {
	Page *Page `json:"webPageDetails,omitempty" parquet:"webPageDetails,optional"`
}

// Page describes a web page.
type Page struct {
	Name   string `json:"name" parquet:"name"`
	IsHome *bool  `json:"isHomePage,omitempty" parquet:"isHomePage,optional"`
}

// Device is what the customer used.
type Device struct {
	Type  string  `json:"type" parquet:"type"`
	Model *string `json:"model,omitempty" parquet:"model,optional"`
}
