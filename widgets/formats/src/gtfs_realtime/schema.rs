//! The messages of GTFS Realtime 2.0, after its reference: <https://gtfs.org/documentation/realtime/reference/>.
//!
//! Shapes and changed trips, which are still experimental there, are left out; fields that are not known are passed over.

/// A message: its fields.
pub struct Message {
    /// Its name in the reference.
    pub name: &'static str,
    /// What it may hold.
    pub fields: &'static [Field],
}

/// A field of a message.
pub struct Field {
    /// Its name in the reference.
    pub name: &'static str,
    /// Its number in protobuf.
    pub number: u32,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may stand several times.
    pub repeated: bool,
}

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Text in UTF-8.
    Text,
    /// A whole number.
    Signed,
    /// A whole number that is never negative.
    Unsigned,
    /// A number of 32 bits.
    Float,
    /// A number of 64 bits.
    Double,
    /// Yes or no.
    Flag,
    /// One of these, by number.
    Named(&'static [(i64, &'static str)]),
    /// Another message.
    Message(&'static Message),
}

const fn one(name: &'static str, number: u32, kind: Kind) -> Field {
    Field { name, number, kind, repeated: false }
}

const fn many(name: &'static str, number: u32, message: &'static Message) -> Field {
    Field { name, number, kind: Kind::Message(message), repeated: true }
}

/// The whole.
pub static FEED: Message = Message {
    name: "FeedMessage",
    fields: &[one("header", 1, Kind::Message(&HEADER)), many("entity", 2, &ENTITY)],
};

static HEADER: Message = Message {
    name: "FeedHeader",
    fields: &[
        one("gtfs_realtime_version", 1, Kind::Text),
        one("incrementality", 2, Kind::Named(INCREMENTALITY)),
        one("timestamp", 3, Kind::Unsigned),
        one("feed_version", 4, Kind::Text),
    ],
};

static ENTITY: Message = Message {
    name: "FeedEntity",
    fields: &[
        one("id", 1, Kind::Text),
        one("is_deleted", 2, Kind::Flag),
        one("trip_update", 3, Kind::Message(&TRIP_UPDATE)),
        one("vehicle", 4, Kind::Message(&VEHICLE_POSITION)),
        one("alert", 5, Kind::Message(&ALERT)),
    ],
};

static TRIP_UPDATE: Message = Message {
    name: "TripUpdate",
    fields: &[
        one("trip", 1, Kind::Message(&TRIP)),
        many("stop_time_update", 2, &STOP_TIME_UPDATE),
        one("vehicle", 3, Kind::Message(&VEHICLE)),
        one("timestamp", 4, Kind::Unsigned),
        one("delay", 5, Kind::Signed),
        one("trip_properties", 6, Kind::Message(&TRIP_PROPERTIES)),
    ],
};

static STOP_TIME_UPDATE: Message = Message {
    name: "StopTimeUpdate",
    fields: &[
        one("stop_sequence", 1, Kind::Unsigned),
        one("arrival", 2, Kind::Message(&STOP_TIME_EVENT)),
        one("departure", 3, Kind::Message(&STOP_TIME_EVENT)),
        one("stop_id", 4, Kind::Text),
        one("schedule_relationship", 5, Kind::Named(OF_STOP)),
        one("stop_time_properties", 6, Kind::Message(&STOP_TIME_PROPERTIES)),
        one("departure_occupancy_status", 7, Kind::Named(OCCUPANCY)),
    ],
};

static STOP_TIME_EVENT: Message = Message {
    name: "StopTimeEvent",
    fields: &[
        one("delay", 1, Kind::Signed),
        one("time", 2, Kind::Signed),
        one("uncertainty", 3, Kind::Signed),
        one("scheduled_time", 4, Kind::Signed),
    ],
};

static STOP_TIME_PROPERTIES: Message = Message {
    name: "StopTimeProperties",
    fields: &[one("assigned_stop_id", 1, Kind::Text), one("stop_headsign", 2, Kind::Text)],
};

static TRIP_PROPERTIES: Message = Message {
    name: "TripProperties",
    fields: &[
        one("trip_id", 1, Kind::Text),
        one("start_date", 2, Kind::Text),
        one("start_time", 3, Kind::Text),
        one("shape_id", 4, Kind::Text),
        one("trip_headsign", 5, Kind::Text),
        one("trip_short_name", 6, Kind::Text),
    ],
};

static VEHICLE_POSITION: Message = Message {
    name: "VehiclePosition",
    fields: &[
        one("trip", 1, Kind::Message(&TRIP)),
        one("position", 2, Kind::Message(&POSITION)),
        one("current_stop_sequence", 3, Kind::Unsigned),
        one("current_status", 4, Kind::Named(AT_STOP)),
        one("timestamp", 5, Kind::Unsigned),
        one("congestion_level", 6, Kind::Named(CONGESTION)),
        one("stop_id", 7, Kind::Text),
        one("vehicle", 8, Kind::Message(&VEHICLE)),
        one("occupancy_status", 9, Kind::Named(OCCUPANCY)),
        one("occupancy_percentage", 10, Kind::Unsigned),
        many("multi_carriage_details", 11, &CARRIAGE),
    ],
};

static CARRIAGE: Message = Message {
    name: "CarriageDetails",
    fields: &[
        one("id", 1, Kind::Text),
        one("label", 2, Kind::Text),
        one("occupancy_status", 3, Kind::Named(OCCUPANCY)),
        one("occupancy_percentage", 4, Kind::Signed),
        one("carriage_sequence", 5, Kind::Unsigned),
    ],
};

static ALERT: Message = Message {
    name: "Alert",
    fields: &[
        many("active_period", 1, &TIME_RANGE),
        many("informed_entity", 5, &SELECTOR),
        one("cause", 6, Kind::Named(CAUSE)),
        one("effect", 7, Kind::Named(EFFECT)),
        one("url", 8, Kind::Message(&TRANSLATED)),
        one("header_text", 10, Kind::Message(&TRANSLATED)),
        one("description_text", 11, Kind::Message(&TRANSLATED)),
        one("tts_header_text", 12, Kind::Message(&TRANSLATED)),
        one("tts_description_text", 13, Kind::Message(&TRANSLATED)),
        one("severity_level", 14, Kind::Named(SEVERITY)),
        one("image", 15, Kind::Message(&IMAGE)),
        one("image_alternative_text", 16, Kind::Message(&TRANSLATED)),
        one("cause_detail", 17, Kind::Message(&TRANSLATED)),
        one("effect_detail", 18, Kind::Message(&TRANSLATED)),
    ],
};

static TIME_RANGE: Message = Message {
    name: "TimeRange",
    fields: &[one("start", 1, Kind::Unsigned), one("end", 2, Kind::Unsigned)],
};

static POSITION: Message = Message {
    name: "Position",
    fields: &[
        one("latitude", 1, Kind::Float),
        one("longitude", 2, Kind::Float),
        one("bearing", 3, Kind::Float),
        one("odometer", 4, Kind::Double),
        one("speed", 5, Kind::Float),
    ],
};

static TRIP: Message = Message {
    name: "TripDescriptor",
    fields: &[
        one("trip_id", 1, Kind::Text),
        one("start_time", 2, Kind::Text),
        one("start_date", 3, Kind::Text),
        one("schedule_relationship", 4, Kind::Named(OF_TRIP)),
        one("route_id", 5, Kind::Text),
        one("direction_id", 6, Kind::Unsigned),
    ],
};

static VEHICLE: Message = Message {
    name: "VehicleDescriptor",
    fields: &[
        one("id", 1, Kind::Text),
        one("label", 2, Kind::Text),
        one("license_plate", 3, Kind::Text),
        one("wheelchair_accessible", 4, Kind::Named(WHEELCHAIR)),
    ],
};

static SELECTOR: Message = Message {
    name: "EntitySelector",
    fields: &[
        one("agency_id", 1, Kind::Text),
        one("route_id", 2, Kind::Text),
        one("route_type", 3, Kind::Signed),
        one("trip", 4, Kind::Message(&TRIP)),
        one("stop_id", 5, Kind::Text),
        one("direction_id", 6, Kind::Unsigned),
    ],
};

static TRANSLATED: Message =
    Message { name: "TranslatedString", fields: &[many("translation", 1, &TRANSLATION)] };

static TRANSLATION: Message = Message {
    name: "Translation",
    fields: &[one("text", 1, Kind::Text), one("language", 2, Kind::Text)],
};

static IMAGE: Message =
    Message { name: "TranslatedImage", fields: &[many("localized_image", 1, &LOCALIZED_IMAGE)] };

static LOCALIZED_IMAGE: Message = Message {
    name: "LocalizedImage",
    fields: &[
        one("url", 1, Kind::Text),
        one("media_type", 2, Kind::Text),
        one("language", 3, Kind::Text),
    ],
};

const INCREMENTALITY: &[(i64, &str)] = &[(0, "FULL_DATASET"), (1, "DIFFERENTIAL")];

const OF_STOP: &[(i64, &str)] =
    &[(0, "SCHEDULED"), (1, "SKIPPED"), (2, "NO_DATA"), (3, "UNSCHEDULED")];

const OF_TRIP: &[(i64, &str)] = &[
    (0, "SCHEDULED"),
    (1, "ADDED"),
    (2, "UNSCHEDULED"),
    (3, "CANCELED"),
    (5, "REPLACEMENT"),
    (6, "DUPLICATED"),
    (7, "DELETED"),
    (8, "NEW"),
];

const AT_STOP: &[(i64, &str)] = &[(0, "INCOMING_AT"), (1, "STOPPED_AT"), (2, "IN_TRANSIT_TO")];

const CONGESTION: &[(i64, &str)] = &[
    (0, "UNKNOWN_CONGESTION_LEVEL"),
    (1, "RUNNING_SMOOTHLY"),
    (2, "STOP_AND_GO"),
    (3, "CONGESTION"),
    (4, "SEVERE_CONGESTION"),
];

const OCCUPANCY: &[(i64, &str)] = &[
    (0, "EMPTY"),
    (1, "MANY_SEATS_AVAILABLE"),
    (2, "FEW_SEATS_AVAILABLE"),
    (3, "STANDING_ROOM_ONLY"),
    (4, "CRUSHED_STANDING_ROOM_ONLY"),
    (5, "FULL"),
    (6, "NOT_ACCEPTING_PASSENGERS"),
    (7, "NO_DATA_AVAILABLE"),
    (8, "NOT_BOARDABLE"),
];

const WHEELCHAIR: &[(i64, &str)] = &[
    (0, "NO_VALUE"),
    (1, "UNKNOWN"),
    (2, "WHEELCHAIR_ACCESSIBLE"),
    (3, "WHEELCHAIR_INACCESSIBLE"),
];

const CAUSE: &[(i64, &str)] = &[
    (1, "UNKNOWN_CAUSE"),
    (2, "OTHER_CAUSE"),
    (3, "TECHNICAL_PROBLEM"),
    (4, "STRIKE"),
    (5, "DEMONSTRATION"),
    (6, "ACCIDENT"),
    (7, "HOLIDAY"),
    (8, "WEATHER"),
    (9, "MAINTENANCE"),
    (10, "CONSTRUCTION"),
    (11, "POLICE_ACTIVITY"),
    (12, "MEDICAL_EMERGENCY"),
];

const EFFECT: &[(i64, &str)] = &[
    (1, "NO_SERVICE"),
    (2, "REDUCED_SERVICE"),
    (3, "SIGNIFICANT_DELAYS"),
    (4, "DETOUR"),
    (5, "ADDITIONAL_SERVICE"),
    (6, "MODIFIED_SERVICE"),
    (7, "OTHER_EFFECT"),
    (8, "UNKNOWN_EFFECT"),
    (9, "STOP_MOVED"),
    (10, "NO_EFFECT"),
    (11, "ACCESSIBILITY_ISSUE"),
];

const SEVERITY: &[(i64, &str)] =
    &[(1, "UNKNOWN_SEVERITY"), (2, "INFO"), (3, "WARNING"), (4, "SEVERE")];
