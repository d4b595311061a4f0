/**
 * @generated SignedSource<<b5e30eaaf36075d9315b3a33e7ace084>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ReaderFragment } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type documentsRow_asset$data = {
  readonly address: string;
  readonly id: string;
  readonly isActive: boolean;
  readonly name: string;
  readonly platform: {
    readonly id: string;
    readonly name: string;
  } | null | undefined;
  readonly " $fragmentType": "documentsRow_asset";
};
export type documentsRow_asset$key = {
  readonly " $data"?: documentsRow_asset$data;
  readonly " $fragmentSpreads": FragmentRefs<"documentsRow_asset">;
};

const node: ReaderFragment = (function(){
var v0 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v1 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "name",
  "storageKey": null
};
return {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "documentsRow_asset",
  "selections": [
    (v0/*:: as any*/),
    (v1/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "address",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "isActive",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "concreteType": "Platform",
      "kind": "LinkedField",
      "name": "platform",
      "plural": false,
      "selections": [
        (v0/*:: as any*/),
        (v1/*:: as any*/)
      ],
      "storageKey": null
    }
  ],
  "type": "Asset",
  "abstractKey": null
};
})();

(node as any).hash = "a606d08cc12f2e3d489a1db5b665f4a8";

export default node;
