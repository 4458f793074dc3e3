from rdkit import Chem, DataStructs
from rdkit.Chem import AllChem, Descriptors

m = [Chem.MolFromSmiles(s) for s in ("CC(=O)OC1=CC=CC=C1C(=O)O", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "c1ccccc1O")]
f = [AllChem.GetMorganFingerprintAsBitVect(x, 2) for x in m]
DataStructs.BulkTanimotoSimilarity(f[0], f), Descriptors.MolWt(m[0]), AllChem.EmbedMolecule(Chem.AddHs(m[0]), randomSeed=1), m[0].GetSubstructMatches(m[2]), Chem.MolToMolBlock(m[1])
