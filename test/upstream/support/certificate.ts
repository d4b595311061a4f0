/** A certificate of nobody's for `localhost`, signed by itself, and its key: made for the tests, worth nothing elsewhere. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUKfSBOIoFLdklby4cj5Bae7ezQCEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA1Mjc0MVoYDzIxMjYxMDI5
MDUyNzQxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARMqyPyeXTXlnFEBeWlOA2hsbdOeuCWl6bDblrBFRsLQsVZFrvGqKio
GjWXgFzlRS0nZbMHuG9ZjkbuY8ySnoJPo2kwZzAdBgNVHQ4EFgQU454/chMXsh6T
YQIPtg4c3wTVV9owHwYDVR0jBBgwFoAU454/chMXsh6TYQIPtg4c3wTVV9owDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhALYxmAI2uprehtsWnFUv41pCPdDaUnN0EkZB3TGraxoqAiBrvBc8Uccv
G5uk3BVwN7Jp7pOmZBSA64wPbxrzTnL0lw==
-----END CERTIFICATE-----
`;

/** The key that belongs to it. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg3PWalGE08KgBKeQt
TFG2zBwHC4/Jz0eoE3cGJSRKT6ihRANCAARMqyPyeXTXlnFEBeWlOA2hsbdOeuCW
l6bDblrBFRsLQsVZFrvGqKioGjWXgFzlRS0nZbMHuG9ZjkbuY8ySnoJP
-----END PRIVATE KEY-----
`;
