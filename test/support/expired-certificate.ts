/** A certificate of nobody's: it was valid in January 2020, and its key is gone. */
export const expiredCertificate = `-----BEGIN CERTIFICATE-----
MIIBEDCBtgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlkZXZlbG9wZXIwHhcN
MjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAwWjAUMRIwEAYDVQQDDAlkZXZlbG9w
ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARwTOVg0FKSHgGkXDkdXwTyWtZ4
fHXBYJ7JpD3BNsRCPk6ueQfrjQ1KkhxmYQjYS7TE9+qpMltb6ufHqK8fYAdkMAoG
CCqGSM49BAMCA0kAMEYCIQDmMVOwq13cLvw3eidnS5C3xREt1xoqxJuQayHaiG9E
OQIhANawotA+lKyOP9t/OobcxozJP9ykGG0Ysw+1YKTzjRl6
-----END CERTIFICATE-----
`;
