use serde_json::json;

use super::*;

fn read(bytes: &[u8]) -> Result<Value, FormatError> {
    super::read(bytes, &Budget::default())
}

/// A length-delimited field.
fn field(number: u8, inside: &[u8]) -> Vec<u8> {
    let length = u8::try_from(inside.len()).expect("a short message");
    assert!(length < 0x80 && number < 16, "one byte for each of them");
    [&[number << 3 | 2, length], inside].concat()
}

/// A field with a number of at most seven bits.
fn number(number: u8, value: u8) -> Vec<u8> {
    assert!(value < 0x80 && number < 16, "one byte for each of them");
    vec![number << 3, value]
}

/// A field of type `float`.
fn float(number: u8, value: f32) -> Vec<u8> {
    [&[number << 3 | 5], &value.to_le_bytes()[..]].concat()
}

/// The entities of a feed that consists of this one, in protobuf and in JSON.
fn entity(protobuf: &[u8], json: Value) -> [Value; 2] {
    let header = field(1, &field(1, b"2.0"));
    let bytes = [header, field(2, protobuf)].concat();
    let json = json!({ "header": { "gtfs_realtime_version": "2.0" }, "entity": [json] });
    [bytes, json.to_string().into_bytes()]
        .map(|bytes| read(&bytes).expect("a feed")["entity"][0].take())
}

#[test]
fn protobuf_and_json_give_the_same_tree() {
    let header = [field(1, b"2.0"), vec![0x18, 0xbc, 0xfd, 0xbe, 0xe4, 0x04]].concat();
    let arrival = [
        vec![0x08],
        (-60_i64 as u64).to_le_bytes().iter().fold(Vec::new(), |_, _| {
            vec![0xc4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
        }),
    ]
    .concat();
    let update = [vec![0x08, 3], field(2, &arrival), vec![0x28, 1]].concat();
    let trip = [field(1, &field(1, b"trip-1")), field(2, &update)].concat();
    let place =
        [vec![0x0d], 50.85_f32.to_le_bytes().to_vec(), vec![0x15], 4.35_f32.to_le_bytes().to_vec()]
            .concat();
    let entities = [
        field(2, &[field(1, b"a"), field(3, &trip)].concat()),
        field(2, &[field(1, b"b"), field(4, &field(2, &place)), vec![0xf8, 0x3e, 1]].concat()),
    ];
    let bytes = [field(1, &header), entities.concat()].concat();
    let expected = json!({
        "header": { "gtfsRealtimeVersion": "2.0", "timestamp": 1_284_488_892 },
        "entity": [
            { "id": "a", "tripUpdate": { "trip": { "tripId": "trip-1" }, "stopTimeUpdate": [
                { "stopSequence": 3, "arrival": { "delay": -60 }, "scheduleRelationship": "SKIPPED" } ] } },
            { "id": "b", "vehicle": { "position": { "latitude": 50.85, "longitude": 4.35 } } },
        ],
        "truncated": false,
    });
    assert_eq!(read(&bytes).expect("protobuf"), expected);
    let variant = json!({
        "header": { "gtfs_realtime_version": "2.0", "timestamp": "1284488892" },
        "entity": [
            { "id": "a", "tripUpdate": { "trip": { "tripId": "trip-1" }, "stopTimeUpdate": [
                { "stopSequence": "3", "arrival": { "delay": "-60", "new": 1 }, "scheduleRelationship": 1 } ] } },
            { "id": "b", "vehicle": { "position": { "latitude": "50.85", "longitude": 4.35 } }, "alert": null },
        ],
    });
    assert_eq!(read(format!("\n {variant}").as_bytes()).expect("JSON"), expected);
}

#[test]
fn errors_name_the_position() {
    for (bytes, place) in [
        (&b""[..], "`header`"),
        (b"<html>", "byte 0"),
        (b"{}", "`header`"),
        (b"{\"header\":{},\"entity\":[3]}", "`entity[0]`"),
        (b"\x0a\x03\x0a\x50\x00", "byte 2"),
        (b"{\"header\"", "line 1"),
    ] {
        let error = read(bytes).expect_err("not a feed").to_string();
        assert!(error.contains(place), "{error}");
    }
}

/// Field numbers are those of <https://github.com/google/transit>, `gtfs-realtime.proto`.
#[test]
fn an_alert_has_periods_of_its_impact_and_of_its_communication() {
    let period = |from, until| [number(1, from), number(2, until)].concat();
    let alert = [
        field(1, &period(1, 9)),
        field(2, &period(2, 8)),
        field(3, &period(3, 4)),
        field(3, &period(5, 6)),
        number(6, 13),
    ]
    .concat();
    let expected = json!({ "id": "a", "alert": {
        "activePeriod": [{ "start": 1, "end": 9 }],
        "communicationPeriod": [{ "start": 2, "end": 8 }],
        "impactPeriod": [{ "start": 3, "end": 4 }, { "start": 5, "end": 6 }],
        "cause": "SPECIAL_EVENT",
    } });
    let json = json!({ "id": "a", "alert": {
        "active_period": [{ "start": "1", "end": "9" }],
        "communication_period": [{ "start": 2, "end": 8 }],
        "impactPeriod": [{ "start": 3, "end": 4 }, { "start": 5, "end": 6 }],
        "cause": 13,
    } });
    for read in entity(&[field(1, b"a"), field(5, &alert)].concat(), json) {
        assert_eq!(read, expected);
    }
}

#[test]
fn a_trip_may_be_modified_and_a_stop_served_on_demand() {
    let modified = [field(1, b"m"), field(2, b"t"), field(3, b"08:00:00"), field(4, b"20261130")];
    let properties = [field(1, b"s2"), number(3, 2), number(4, 1)].concat();
    let update = [
        field(1, &field(7, &modified.concat())),
        field(2, &[number(1, 3), field(6, &properties)].concat()),
    ]
    .concat();
    let expected = json!({ "id": "a", "tripUpdate": {
        "trip": { "modifiedTrip": { "modificationsId": "m", "affectedTripId": "t",
            "startTime": "08:00:00", "startDate": "20261130" } },
        "stopTimeUpdate": [{ "stopSequence": 3, "stopTimeProperties": {
            "assignedStopId": "s2", "pickupType": "PHONE_AGENCY", "dropOffType": "NONE" } }],
    } });
    let json = json!({ "id": "a", "trip_update": {
        "trip": { "modified_trip": { "modifications_id": "m", "affected_trip_id": "t",
            "start_time": "08:00:00", "start_date": "20261130" } },
        "stop_time_update": [{ "stop_sequence": 3, "stop_time_properties": {
            "assigned_stop_id": "s2", "pickup_type": 2, "drop_off_type": "none" } }],
    } });
    for read in entity(&[field(1, b"a"), field(3, &update)].concat(), json) {
        assert_eq!(read, expected);
    }
}

#[test]
fn trips_are_modified_along_another_shape() {
    let selected = [field(1, b"t1"), field(1, b"t2"), field(2, b"s")].concat();
    let stop = |sequence, id: &[u8]| [number(1, sequence), field(2, id)].concat();
    let modification = [
        field(1, &stop(4, b"from")),
        field(2, &stop(7, b"to")),
        number(3, 90),
        field(4, &[number(1, 60), field(2, b"new")].concat()),
        field(5, b"w"),
        number(6, 100),
    ]
    .concat();
    let modifications = [
        field(1, &selected),
        field(2, b"08:00:00"),
        field(3, b"20261130"),
        field(3, b"20261201"),
        field(4, &modification),
    ]
    .concat();
    let tree = json!({ "id": "a", "tripModifications": {
        "selectedTrips": [{ "tripIds": ["t1", "t2"], "shapeId": "s" }],
        "startTimes": ["08:00:00"],
        "serviceDates": ["20261130", "20261201"],
        "modifications": [{
            "startStopSelector": { "stopSequence": 4, "stopId": "from" },
            "endStopSelector": { "stopSequence": 7, "stopId": "to" },
            "propagatedModificationDelay": 90,
            "replacementStops": [{ "travelTimeToStop": 60, "stopId": "new" }],
            "serviceAlertId": "w",
            "lastModifiedTime": 100,
        }],
    } });
    for read in entity(&[field(1, b"a"), field(8, &modifications)].concat(), tree.clone()) {
        assert_eq!(read, tree);
    }
}

#[test]
fn shapes_and_stops_are_entities() {
    let shape = [field(1, b"s"), field(2, b"_p~iF")].concat();
    let tree = json!({ "id": "a", "shape": { "shapeId": "s", "encodedPolyline": "_p~iF" } });
    for read in entity(&[field(1, b"a"), field(6, &shape)].concat(), tree.clone()) {
        assert_eq!(read, tree);
    }
    let words = |text: &[u8]| field(1, &field(1, text));
    let parts: [(Vec<u8>, Value); 14] = [
        (field(1, b"x"), json!({ "stopId": "x" })),
        (field(2, &words(b"x")), json!({ "stopCode": { "translation": [{ "text": "x" }] } })),
        (field(3, &words(b"x")), json!({ "stopName": { "translation": [{ "text": "x" }] } })),
        (field(4, &words(b"x")), json!({ "ttsStopName": { "translation": [{ "text": "x" }] } })),
        (field(5, &words(b"x")), json!({ "stopDesc": { "translation": [{ "text": "x" }] } })),
        (float(6, 50.85), json!({ "stopLat": 50.85 })),
        (float(7, 4.35), json!({ "stopLon": 4.35 })),
        (field(8, b"x"), json!({ "zoneId": "x" })),
        (field(9, &words(b"x")), json!({ "stopUrl": { "translation": [{ "text": "x" }] } })),
        (field(11, b"x"), json!({ "parentStation": "x" })),
        (field(12, b"x"), json!({ "stopTimezone": "x" })),
        (number(13, 2), json!({ "wheelchairBoarding": "NOT_AVAILABLE" })),
        (field(14, b"x"), json!({ "levelId": "x" })),
        (field(15, &words(b"x")), json!({ "platformCode": { "translation": [{ "text": "x" }] } })),
    ];
    for (stop, expected) in parts {
        let tree = json!({ "id": "a", "stop": expected });
        for read in entity(&[field(1, b"a"), field(7, &stop)].concat(), tree.clone()) {
            assert_eq!(read, tree);
        }
    }
}
